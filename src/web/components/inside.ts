import { isInsidePath } from '../../common/inside-path.js';

/** Where somebody goes after the sign-in: only addresses inside Perch are followed. */
export const inside = (next: string | null): string => (next !== null && isInsidePath(next) ? next : '/jobs');
