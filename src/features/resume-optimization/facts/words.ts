import { foldText } from '../../resume-analysis/scoring/fold-text.js';
import { isMonth } from './numbers.js';

/** Letters that two forms of a word share: "managed" and "managing", "Projekt" and "Projekte". */
const STEM = 5;
const SHORTEST = 4;
const EMPTY = new Set(`about above across after also among around because been before being between both could during each every from have having into more most much over same some such than that their them
then there these they this those through under until very were what when where which while will with within without would your auch aber beim durch eine einem einen einer eines fuer haben nach oder sich sowie
ueber unter wurde wurden zwischen avec dans pour dont leur plus sans sous para como entre sobre`.split(/\s+/));

/** Verbs and connecting words with which a sentence of a resume or letter may begin, or that say nothing that could be false. */
const COMMON = new Set(`achieved acted adapted added administered advised aligned analysed analyzed also and applied as assisted at automated both brought built by carried coached collaborated committed completed
conducted contributed coordinated created cut dear decreased defined delivered designed developed directed documented drove earned enabled engineered ensured established evaluated expanded experience experienced
facilitated focused for founded from gained gave generated guided handled have having headed helped hired hello i identified implemented improved in increased initiated integrated introduced investigated it
kind launched led looking maintained managed mentored migrated modelled modernised modernized monitored my negotiated of on operated optimised optimized organised organized oversaw owned participated performed planned
prepared presented produced proposed provided ran raised redesigned reduced refactored regards reported researched resolved responsible restructured reviewed saved scaled secured served set shaped shipped
skilled skills sincerely solved started streamlined strengthened successfully supervised supported taught tested that the their this through to together trained transformed translated used using was we with worked working
wrote yours at during since after before while when where your our please thank thanks`.split(/\s+/));

/** Names of techniques, certificates and degrees that people write in lower case too: none may be made up. */
const TERMS = new Set(`agile airflow android angular ansible aws azure bachelor bigquery c++ c# cassandra certified certification ciso cissp cloud cobol css databricks dba dbt devops diploma diplom django docker doctor doctorate
dynamodb elasticsearch excel expert express fastapi figma flask flutter gcp gdpr git github gitlab go golang graphql hadoop haskell html ios itil java javascript jenkins jira kafka kotlin kubernetes lambda linux
looker magento master mba matlab mongodb mysql nestjs next.js node node.js nodejs numpy oauth openshift oracle pandas perl phd php pmp postgres postgresql power prince2 prometheus pytorch python react redis
redshift redux ruby rust salesforce sap scala scikit scrum selenium snowflake spark spring sql sqlite statistics sudo swift tableau tensorflow terraform typescript unity vue webpack wordpress xml promotion award
patent native fluent bilingual`.split(/\s+/));

const TOKEN = /[\p{L}\p{N}][\p{L}\p{N}\p{M}+#]*(?:[.'’&/-][\p{L}\p{N}+#]+)*/gu;
const SENTENCE_END = /[.!?:;•–—\n]["'”)]*\s*$/u;

export const stemsIn = (text: string): Set<string> => new Set((foldText(text).match(TOKEN) ?? []).filter((word) => word.length >= SHORTEST && /\p{L}/u.test(word) && !EMPTY.has(word)).map((word) => word.slice(0, STEM)));

/** All words of a text, folded, also the parts of compound ones. */
export const wordsIn = (text: string): Set<string> => new Set((foldText(text).match(TOKEN) ?? []).flatMap((word) => [word, ...word.split(/[.'’&/-]/)]));

/**
 * The words of a text that must stand in its source as they are: names and abbreviations by their capitals, and known terms however they
 * are written. The first word of a sentence is a name unless it is a common one.
 */
export function namesIn(text: string): string[] {
  const names: string[] = [];
  for (const match of text.normalize('NFKC').matchAll(TOKEN)) {
    const [word] = match;
    const folded = foldText(word);
    const first = match.index === 0 || SENTENCE_END.test(text.slice(0, match.index));
    const capital = /\p{Lu}/u.test(word) && !/^\d/.test(word);
    // Months are dates and checked as such.
    if (isMonth(folded)) continue;
    if (TERMS.has(folded) || (capital && !(first ? COMMON.has(folded) : folded === 'i'))) names.push(word);
  }
  return names;
}
