const MARKUP = /^[\s>#*•▪◦●○–—-]+|^\d+[.)|]\s+|\*\*|__|`+/g;
const LINK = /\(?(?:https?:\/\/|www\.)\S+\)?/gi;
const LONGEST = 600;
const MOST_LINES = 40;

/** The lines of a written text without markup, links and blank lines; what is too long is cut. */
export const cleanedLines = (text: string): string[] =>
  text.normalize('NFC').split('\n').map((line) => line.replace(MARKUP, '').replace(LINK, '').replace(/\p{Cc}/gu, ' ').replace(/\s+/g, ' ').trim().slice(0, LONGEST)).filter((line) => /[\p{L}\p{N}]/u.test(line)).slice(0, MOST_LINES);
