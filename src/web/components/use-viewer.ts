import { useQuery } from '@tanstack/react-query';
import { graphql } from '../api/client.js';
import { VIEWER, type Viewer } from '../api/operations.js';

/** Who is signed in, read once for all screens. */
export const useViewer = () => useQuery({ queryKey: ['viewer'], queryFn: () => graphql<{ viewer: Viewer }>(VIEWER), staleTime: 60_000 });

/** Whether the viewer holds the right; false while it is not known. */
export const useMay = (permission: string): boolean => useViewer().data?.viewer.permissions.includes(permission) ?? false;
