import { invalidInput } from '../../../common/errors.js';

const FIELD = /\{\{([^{}]*)\}\}/g;

/**
 * The text with `{{name}}` replaced by its value. Throws INVALID_INPUT for a field that does not exist, that is blank for this
 * recipient, or whose braces are not closed: no mail goes out with a hole in it.
 */
export function fillMergeFields(text: string, values: Readonly<Record<string, string>>, field: string): string {
  if (/\{\{|\}\}/.test(text.replace(FIELD, ''))) throw invalidInput('A merge field is not closed. Write it as {{firstName}}.', field);
  return text.replace(FIELD, (_, written: string) => {
    const name = written.trim();
    if (!Object.hasOwn(values, name)) throw invalidInput(`There is no merge field {{${name.slice(0, 40)}}}. Use ${Object.keys(values).map((known) => `{{${known}}}`).join(', ')}.`, field);
    const value = values[name]!.trim();
    if (value === '') throw invalidInput(`The merge field {{${name}}} would be blank in this mail.`, field);
    return value;
  });
}
