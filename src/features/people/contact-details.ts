import { z } from 'zod';

/** The form in which an e-mail address is compared and is unique. */
export const normaliseEmail = (address: string): string => address.trim().toLowerCase();

/** The digits of a phone number, with the leading plus where there is one. */
export const normalisePhone = (number: string): string => (number.trim().startsWith('+') ? '+' : '') + number.replace(/\D/g, '');

export const emailText = z.string().trim().max(320).pipe(z.email('is not an e-mail address'));
export const phoneText = z.string().trim().max(40).regex(/^\+?[\d\s().\/-]{6,}$/, 'is not a phone number');
