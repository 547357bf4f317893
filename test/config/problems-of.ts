import { readEnvironment, type EnvironmentError } from '../../src/config/environment.js';

/** What keeps Perch from starting with these variables; empty where nothing does. */
export function problemsOf(source: Readonly<Record<string, string>>): readonly string[] {
  try {
    readEnvironment(source);
    return [];
  } catch (error) {
    return (error as EnvironmentError).problems;
  }
}
