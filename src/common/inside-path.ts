const LONGEST = 2_000;

/**
 * Whether the text is a path inside Perch, so that following it leads to no other site. `//host` is another site; browsers read
 * a backslash as a slash, and leave tabs and line breaks out before they read at all.
 */
export const isInsidePath = (text: string): boolean => text.length <= LONGEST && /^\/(?![/\\])[^\u0000-\u001f\u007f\\]*$/.test(text);
