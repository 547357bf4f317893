import { VARIABLES } from '../../config/environment.schema.js';
import { environmentProblems, settingsOf, type Environment, type EnvironmentSource } from '../../config/environment.js';
import { sourceOf } from '../../config/variable-sources.js';
import { ok, problem, warning, type Finding } from './finding.js';

/** Keys that anybody can read: those of QStash's development server, and words that stand for a key in examples. */
const PUBLIC_KEYS = /sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r|sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs|eyJVc2VySUQiOiJkZWZhdWx0VXNlciIs|change[-_ ]?me|^(test|secret|password|example|default|development)\b|your[-_]|0123456789abcdef|only-for-tests/i;
const FEWEST_SIGNS = 8;
const isGuessable = (value: string): boolean => PUBLIC_KEYS.test(value) || new Set(value).size < FEWEST_SIGNS;

/** The passwords inside addresses, and keys as they are. */
const secretParts = (value: string): string[] => (URL.canParse(value) && new URL(value).password !== '' ? [decodeURIComponent(new URL(value).password)] : [value]);

export interface VariablesDiagnosis {
  readonly findings: readonly Finding[];
  /** The settings without those that cannot be read. */
  readonly environment: Environment;
  /** Whether the variables with this beginning are as they must be. */
  isRight(...beginnings: string[]): boolean;
}

function defaultKeys(source: EnvironmentSource): Finding[] {
  return VARIABLES.filter(({ name, secret }) => secret && source[name])
    .filter(({ name }) => secretParts(source[name]!).some(isGuessable))
    .map((variable) => problem(variable.name, 'holds a key that can be guessed or read in examples.', `Replace it. ${sourceOf(variable).from}`));
}

function unknownNames(source: EnvironmentSource): Finding[] {
  const known = new Set(VARIABLES.map(({ name }) => name));
  return Object.keys(source).filter((name) => /^PERCH_/.test(name) && !known.has(name) && !/^PERCH_TEST_/.test(name))
    .map((name) => warning(name, 'is not a variable of Perch.', 'Look for a slip of the pen; docs/operations/environment.md has all names.'));
}

function publicAddress({ publicUrl, onFunctions, production }: Environment): Finding[] {
  if (publicUrl === null || !(onFunctions || production)) return [];
  const { protocol, pathname } = new URL(publicUrl);
  if (pathname !== '/' || publicUrl.endsWith('/')) return [problem('PERCH_PUBLIC_URL', 'has a path or a slash at the end.', 'Set the bare origin, like https://perch.example.com.')];
  return protocol === 'https:' ? [] : [problem('PERCH_PUBLIC_URL', 'is not https, so secure cookies are not sent.', 'Set the https address of the domain.')];
}

/** What is missing, malformed or unsafe among the variables themselves. */
export function checkVariables(source: EnvironmentSource, onFunctions: boolean): VariablesDiagnosis {
  const texts = environmentProblems(source, onFunctions);
  const names = texts.map((text) => text.split(' ')[0]!);
  const readable = Object.fromEntries(Object.entries(source).filter(([name]) => !names.includes(name)));
  const isRight = (...beginnings: string[]): boolean => !names.some((name) => beginnings.some((beginning) => name.startsWith(beginning)));
  const environment = settingsOf(readable, onFunctions);
  const wrong = texts.map((text, index) => problem(names[index]!, text.slice(names[index]!.length + 1), sourceOf({ name: names[index]! }).from));
  const findings = [
    ...wrong,
    ...(environment.production || onFunctions ? defaultKeys(source) : []),
    ...publicAddress(environment),
    ...unknownNames(source),
  ];
  const set = VARIABLES.filter(({ name }) => source[name]).length;
  return { findings: wrong.length > 0 ? findings : [ok('variables', `${set} of ${VARIABLES.length} are set and well-formed.`), ...findings], environment, isRight };
}

/** Replaces every secret value in what is about to be shown; messages of services may repeat what they were sent. */
export function concealing(source: EnvironmentSource): (text: string) => string {
  const values = VARIABLES.filter(({ name, secret }) => secret && source[name]).flatMap(({ name }) => [source[name]!, ...secretParts(source[name]!)]);
  const longestFirst = [...new Set(values)].filter((value) => value.length > 3).sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((shown, value) => shown.replaceAll(value, '[hidden]'), text);
}
