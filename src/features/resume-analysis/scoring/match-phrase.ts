/** Other ways to write the same skill; each row is one thing. */
const SAME: readonly (readonly string[])[] = [
  ['javascript', 'js', 'ecmascript'], ['typescript', 'ts'], ['node.js', 'nodejs', 'node'], ['react', 'react.js', 'reactjs'], ['vue', 'vue.js', 'vuejs'],
  ['angular', 'angular.js', 'angularjs'], ['postgresql', 'postgres'], ['kubernetes', 'k8s'], ['amazon web services', 'aws'], ['google cloud', 'gcp', 'google cloud platform'],
  ['machine learning', 'ml'], ['artificial intelligence', 'ai'], ['c#', 'c sharp', 'csharp'], ['.net', 'dotnet'], ['golang', 'go'], ['continuous integration', 'ci/cd', 'ci'],
  ['microsoft excel', 'excel', 'ms excel'], ['user experience', 'ux'], ['search engine optimization', 'seo'], ['human resources', 'hr'], ['customer relationship management', 'crm'],
  ['natural language processing', 'nlp'], ['quality assurance', 'qa'], ['profit and loss', 'p&l'], ['registered nurse', 'rn'], ['power bi', 'powerbi'],
];

const ALIASES: ReadonlyMap<string, readonly string[]> = new Map(SAME.flatMap((row) => row.map((word) => [word, row] as const)));

/** Lower case without accents; signs that are part of names (c++, c#, .net, ci/cd) stay. */
export const foldText = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

const isWordCharacter = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}+#]/u.test(character);

/** Whether the phrase stands in the folded text as whole words: "go" is not in "google", "c" is not in "c++". */
function contains(foldedText: string, phrase: string): boolean {
  for (let at = foldedText.indexOf(phrase); at >= 0; at = foldedText.indexOf(phrase, at + 1)) {
    const [before, after] = [foldedText[at - 1], foldedText[at + phrase.length]];
    const startsWord = !isWordCharacter(phrase[0]) || !isWordCharacter(before);
    const endsWord = !isWordCharacter(phrase.at(-1)) || !isWordCharacter(after) || (after === 's' && !isWordCharacter(foldedText[at + phrase.length + 1]));
    if (startsWord && endsWord && phrase.length > 0) return true;
  }
  return false;
}

/** The number of the first line that names the phrase or another way to write it; -1 where none does. */
export function findPhrase(foldedLines: readonly string[], phrase: string): number {
  const folded = foldText(phrase);
  const forms = ALIASES.get(folded) ?? [folded];
  return foldedLines.findIndex((line) => forms.some((form) => contains(line, form)));
}
