import { foldWord } from './plain-text.js';

/** A number in a text, in one form for all ways to write it. */
export interface FoundNumber {
  /** As it was written, for people. */
  readonly text: string;
  /** Without grouping and zeros that say nothing: "1200", "4.5". */
  readonly value: string;
  /** "%", a currency such as "USD", "times", "many" for "dozens", or nothing. */
  readonly unit: string;
  readonly at: number;
  readonly end: number;
}

const GROUPED = String.raw`\d{1,3}(?:[ ,.']\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?`;
const NUMBER = new RegExp(String.raw`(?<![\p{L}\d]|\d[.,])(${GROUPED}|\d+(?:[.,]\d+)?)`, 'gu');
const PERCENT = /^(?:\s?%|\s?٪|\s?percent\b|\s?per cent\b|\s?prozent\b|\s?pour ?cents?\b|\s?por ?ciento\b|\s?pct\b)/i;
const SCALES: readonly (readonly [RegExp, number])[] = [
  [/^(?:\s?(?:thousand|tausend|mille|tsd\.?)(?![\p{L}])|[kK](?![\p{L}]))/u, 3],
  [/^(?:\s?(?:millions?|millionen|mio\.?|mn)(?![\p{L}])|[mM](?![\p{L}]))/u, 6],
  [/^(?:\s?(?:billions?|bn|milliarden?|milliards?|mrd\.?)(?![\p{L}])|[B](?![\p{L}]))/u, 9],
];
const TIMES = /^(?:\s?[x×](?![\p{L}])|-?\s?(?:fold|fach|fache)(?![\p{L}])|\s?times(?![\p{L}]))/iu;
const SIGNS: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY', '₹': 'INR', usd: 'USD', us$: 'USD', eur: 'EUR', euro: 'EUR', euros: 'EUR', gbp: 'GBP', chf: 'CHF', dollars: 'USD', dollar: 'USD', pounds: 'GBP', jpy: 'JPY', inr: 'INR' };
const MONEY = String.raw`[$€£¥₹]|us\$|usd|eur|euros?|gbp|chf|dollars?|pounds|jpy|inr`;
const MONEY_BEFORE = new RegExp(String.raw`(?<![\p{L}])(${MONEY})\s?$`, 'iu');
const MONEY_AFTER = new RegExp(String.raw`^\s?(${MONEY})(?![\p{L}])`, 'iu');

const named = (words: string, first: number, step = 1): [string, string][] => words.split(' ').flatMap((word, index) => word.split('/').map((form): [string, string] => [form, String(first + index * step)]));
/** "One" and its like are articles in some languages and are left out; so is "sept", a month. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ...named('two/zwei/deux/dos three/drei/trois/tres four/vier/quatre/cuatro five/funf/cinq/cinco six/sechs seven/sieben eight/acht/huit nine/neun/neuf ten/zehn/dix/diez eleven/elf/onze twelve/zwolf/douze', 2),
  ...named('thirteen/dreizehn/treize fourteen/vierzehn/quatorze fifteen/funfzehn/quinze sixteen/sechzehn/seize seventeen/siebzehn eighteen/achtzehn nineteen/neunzehn', 13),
  ...named('twenty/zwanzig/vingt thirty/dreissig/trente forty/vierzig/quarante fifty/funfzig/cinquante sixty/sechzig/soixante seventy/siebzig eighty/achtzig ninety/neunzig', 20, 10),
  ['hundred', '100'], ['hundert', '100'], ['thousand', '1000'], ['tausend', '1000'], ['million', '1000000'], ['billion', '1000000000'], ['dozen', '12'], ['dutzend', '12'], ['douzaine', '12'],
]);
const quantity = (words: string, value: string, unit: string): [string, readonly [string, string]][] => words.split(' ').map((word) => [word, [value, unit]]);
/** Quantities without a figure; each is a claim of its own. */
const VAGUE: ReadonlyMap<string, readonly [string, string]> = new Map([
  ...quantity('twice double doubled doubling verdoppelt verdoppelte doublement doubler', '2', 'times'),
  ...quantity('triple tripled tripling verdreifacht verdreifachte tripler', '3', 'times'),
  ...quantity('quadrupled vervierfacht quadruple', '4', 'times'),
  ...quantity('half halved halving halbiert halbierte moitie', '0.5', 'times'),
  ...quantity('dozens dutzende douzaines', '12', 'many'),
  ...quantity('hundreds hunderte centaines', '100', 'many'),
  ...quantity('thousands tausende milliers', '1000', 'many'),
  ...quantity('millions millionen', '1000000', 'many'),
  ...quantity('billions milliarden milliards', '1000000000', 'many'),
]);

/** The digits with the point moved to the right and without zeros that say nothing. */
function canonical(digits: string, scale: number): string {
  const [whole = '', fraction = ''] = digits.split('.');
  const padded = fraction.padEnd(scale, '0');
  const left = `${whole}${padded.slice(0, scale)}`.replace(/^0+(?=\d)/, '');
  const right = padded.slice(scale).replace(/0+$/, '');
  return right === '' ? left : `${left}.${right}`;
}

/** Groups of three digits are thousands in every language; what is left after the last sign is a fraction. */
function plainDigits(written: string): string {
  const grouped = new RegExp(`^${GROUPED}$`).test(written);
  const [, whole = written, fraction = ''] = (grouped ? /^(.*?\d{3})(?:[.,](\d{1,2}))?$/ : /^(\d+)(?:[.,](\d+))?$/).exec(written) ?? [];
  return fraction === '' ? whole.replace(/\D/g, '') : `${whole.replace(/\D/g, '')}.${fraction}`;
}

function figures(text: string): FoundNumber[] {
  return [...text.matchAll(NUMBER)].map((match) => {
    const written = match[1]!;
    let end = match.index + written.length;
    const scale = SCALES.map(([pattern, power]) => [pattern.exec(text.slice(end))?.[0], power] as const).find(([found]) => found !== undefined);
    end += scale?.[0]?.length ?? 0;
    const rest = text.slice(end);
    const before = MONEY_BEFORE.exec(text.slice(0, match.index))?.[1];
    const after = before === undefined ? MONEY_AFTER.exec(rest) : null;
    const sign = before ?? after?.[1];
    const percent = sign === undefined ? PERCENT.exec(rest) : null;
    const times = sign === undefined && percent === null ? TIMES.exec(rest) : null;
    end += (after ?? percent ?? times)?.[0].length ?? 0;
    const unit = sign === undefined ? (percent ? '%' : times ? 'times' : '') : SIGNS[sign.toLowerCase()] ?? '';
    const at = match.index - (before?.length ?? 0);
    return { text: text.slice(at, end).trim(), value: canonical(plainDigits(written), scale?.[1] ?? 0), unit, at, end };
  });
}

/** Every number of a plain text: figures, words for numbers, and words for quantities, in their order. */
export function readNumbers(text: string): FoundNumber[] {
  const found = figures(text);
  const free = (at: number): boolean => !found.some((number) => at >= number.at && at < number.end);
  for (const match of text.matchAll(/\p{L}+(?:-\p{L}+)?/gu)) {
    if (!free(match.index)) continue;
    const parts = foldWord(match[0]).split('-');
    const vague = VAGUE.get(parts.join('-')) ?? VAGUE.get(parts[0]!);
    const [first, second] = parts.map((part) => NAMED.get(part));
    const value = first === undefined ? second : second === undefined ? first : String(Number(first) + Number(second));
    const end = match.index + match[0].length;
    const percent = PERCENT.exec(text.slice(end))?.[0] ?? '';
    if (vague) found.push({ text: match[0], value: vague[0], unit: vague[1], at: match.index, end });
    else if (value !== undefined) found.push({ text: `${match[0]}${percent}`, value, unit: percent === '' ? '' : '%', at: match.index, end: end + percent.length });
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Whether a number can be a year. */
export const isYear = ({ value, unit }: Pick<FoundNumber, 'value' | 'unit'>): boolean => unit === '' && /^(?:19|20)\d\d$/.test(value);
