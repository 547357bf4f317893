import type { TextRun } from '../../../infrastructure/documents/writing/document-model.js';
import type { ResumeRecord } from '../parser/json-resume.js';

/** What a letter or resume tells of its author below the name. */
export type Contact = Pick<ResumeRecord['basics'], 'email' | 'phone' | 'url' | 'profiles' | 'location'>;

/** Text that stays on one line. */
export const unbroken = (text: string): string => text.trim().replace(/ /g, '\u00A0');

const filled = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

/** An address as people write it. */
export const shownAddress = (url: string): string => url.trim().replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '');

/** An address with its scheme. */
export const fullAddress = (url: string): string => (/^[a-z][a-z+.-]*:/i.test(url.trim()) ? url.trim() : `https://${url.trim()}`);

const webRun = (url: string): TextRun => ({ text: unbroken(shownAddress(url)), link: fullAddress(url) });

/** E-mail, phone, town and pages, each once. */
export function contactDetails({ email, phone, url, profiles, location }: Contact): TextRun[] {
  const town = [location?.city, location?.region, location?.countryCode].filter(filled).join(', ');
  const pages = [...new Map([url, ...profiles.map((profile) => profile.url)].filter(filled).map((page) => [shownAddress(page).toLowerCase(), page])).values()];
  return [
    ...(filled(email) ? [{ text: unbroken(email), link: `mailto:${email.trim()}` }] : []),
    ...(filled(phone) ? [{ text: unbroken(phone), link: `tel:${phone.replace(/[^\d+]/g, '')}` }] : []),
    ...(town === '' ? [] : [{ text: unbroken(town) }]),
    ...pages.map(webRun),
  ];
}
