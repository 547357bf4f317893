import { z } from 'zod';
import { canonicalJson } from '../../../common/json.js';
import { sha256 } from '../../../common/secrets.js';
import { longText } from '../../../common/validation.js';
import type { OfferVersion } from './offer-version.entity.js';

const MAX_AMOUNT = 1_000_000_000;

/** What can be agreed on. An amount has at most two decimals. */
export const OFFER_TERMS = z.object({
  payAmount: z.number().positive('must be more than nothing').max(MAX_AMOUNT).refine((amount) => Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-6, 'has more than two decimals'),
  payCurrency: z.string().regex(/^[A-Z]{3}$/, 'must be three letters, for example EUR'),
  payPeriod: z.enum(['hour', 'day', 'month', 'year']),
  startDate: z.iso.date('must be a day, YYYY-MM-DD').nullish().transform((value) => value ?? null),
  expiresAt: z.date(),
  otherTerms: z.union([z.literal('').transform(() => null), longText]).nullish().transform((value) => value ?? null),
});
export type OfferTermsInput = z.input<typeof OFFER_TERMS>;
export type OfferTerms = z.output<typeof OFFER_TERMS>;

/** The terms that a stored version holds. */
export const termsOf = (version: OfferVersion): OfferTerms => ({
  payAmount: version.payAmount, payCurrency: version.payCurrency, payPeriod: version.payPeriod, startDate: version.startDate,
  expiresAt: version.expiresAt, otherTerms: version.terms.text,
});

const comparable = (terms: OfferTerms): string => canonicalJson({ ...terms, expiresAt: terms.expiresAt.toISOString() });

export const sameTerms = (a: OfferTerms, b: OfferTerms): boolean => comparable(a) === comparable(b);

/** What the terms are recognised by. The id of the version is part of it, so that pay cannot be found by trying amounts. */
export const termsHash = (versionId: string, terms: OfferTerms): string => sha256(`${versionId} ${comparable(terms)}`).toString('hex');
