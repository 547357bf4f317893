import { z } from 'zod';

const FENCED = /^```(?:json)?\s*\n([\s\S]*?)\n?\s*```$/;
const PROBLEM_LIMIT = 300;

/** What tells a model which object is wanted; not all providers take a schema beside the prompt. */
export const schemaInstruction = (schema: z.ZodType): string =>
  `Answer with one JSON value and nothing else. It must fit this JSON schema:\n${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))}`;

/** What a model is told after an answer that could not be used. */
export const correctionOf = (problem: string): string => `This answer cannot be used: ${problem}. Answer again with the JSON value alone.`;

export type ParsedAnswer<Value> = { readonly value: Value } | { readonly problem: string };

/** Reads an answer as JSON, also inside a code fence, and checks it. What is around it is not searched for an object. */
export async function parseAnswer<Schema extends z.ZodType>(text: string, schema: Schema): Promise<ParsedAnswer<z.output<Schema>>> {
  const trimmed = text.trim();
  let value: unknown;
  try {
    value = JSON.parse(FENCED.exec(trimmed)?.[1] ?? trimmed);
  } catch {
    return { problem: 'it is not JSON' };
  }
  const checked = await schema.safeParseAsync(value);
  if (checked.success) return { value: checked.data };
  const issue = checked.error.issues[0]!;
  return { problem: `"${issue.path.join('.')}" is wrong: ${issue.message}`.slice(0, PROBLEM_LIMIT) };
}
