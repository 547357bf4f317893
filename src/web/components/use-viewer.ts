import { useQuery } from '@tanstack/react-query';
import { graphql } from '../api/client.js';
import { VIEWER, type ViewerAnswer } from '../api/operations.js';

/** Who is signed in, and whether anything can be changed, read once a minute for all screens. */
export const useViewer = () => useQuery({ queryKey: ['viewer'], queryFn: () => graphql<ViewerAnswer>(VIEWER), staleTime: 60_000, refetchInterval: 60_000 });

/** Whether the viewer holds the right; false while it is not known. */
export const useMay = (permission: string): boolean => useViewer().data?.viewer.permissions.includes(permission) ?? false;
