/** The text as one line of at most so many characters, for a subject or a name in a mail. */
export const oneLine = (text: string, limit: number): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim().slice(0, limit);
