/** Only addresses inside Perch are followed after the sign-in. */
export const inside = (next: string | null): string => (next !== null && /^\/(?![/\\])/.test(next) ? next : '/jobs');
