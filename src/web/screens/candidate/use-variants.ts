import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { graphql } from '../../api/client.js';
import { VARIANTS, type VariantsData } from '../../api/resume-variants.js';
import { useMay } from '../../components/use-viewer.js';

const POLL_MS = 5_000;

/** The rewritten resumes of an application, for those who may see documents. */
export function useVariants(application: string): UseQueryResult<VariantsData> {
  return useQuery({ queryKey: ['variants', application], queryFn: () => graphql<VariantsData>(VARIANTS, { id: application }), enabled: useMay('documents.read'), refetchInterval: POLL_MS });
}
