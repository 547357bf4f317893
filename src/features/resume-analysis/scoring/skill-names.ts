import { foldText } from './fold-text.js';

/** Other ways to write the same thing; each row is one thing. */
const SAME: readonly (readonly string[])[] = [
  ['javascript', 'js', 'ecmascript'], ['typescript', 'ts'], ['node.js', 'nodejs', 'node js', 'node'], ['react', 'react.js', 'reactjs'], ['vue', 'vue.js', 'vuejs'], ['next.js', 'nextjs'],
  ['angular', 'angular.js', 'angularjs'], ['express.js', 'expressjs', 'express'], ['postgresql', 'postgres', 'psql'], ['mongodb', 'mongo'], ['microsoft sql server', 'ms sql server', 'sql server', 'mssql'],
  ['elasticsearch', 'elastic search'], ['kubernetes', 'k8s'], ['amazon web services', 'aws'], ['google cloud platform', 'google cloud', 'gcp'], ['microsoft azure', 'azure'], ['terraform', 'hashicorp terraform'],
  ['continuous integration', 'ci/cd', 'ci'], ['infrastructure as code', 'iac'], ['machine learning', 'ml'], ['artificial intelligence', 'ai'], ['natural language processing', 'nlp'],
  ['large language models', 'large language model', 'llms', 'llm'], ['c#', 'c sharp', 'csharp'], ['c++', 'cpp'], ['objective-c', 'objective c'], ['.net', 'dotnet', 'dot net'], ['golang', 'go'], ['python', 'python3', 'python 3'],
  ['ruby on rails', 'rails', 'ror'], ['html', 'html5', 'html 5'], ['css', 'css3', 'css 3'], ['sass', 'scss'], ['rest', 'restful', 'rest api', 'rest apis'], ['graphql', 'graph ql'], ['github', 'git hub'],
  ['microsoft excel', 'excel', 'ms excel'], ['microsoft word', 'ms word'], ['microsoft powerpoint', 'powerpoint', 'ms powerpoint'], ['microsoft office', 'ms office'], ['power bi', 'powerbi'],
  ['user experience', 'ux'], ['user interface', 'ui'], ['user research', 'ux research'], ['search engine optimization', 'search engine optimisation', 'seo'], ['search engine advertising', 'sea'],
  ['human resources', 'hr'], ['customer relationship management', 'crm'], ['enterprise resource planning', 'erp'], ['quality assurance', 'qa'], ['profit and loss', 'p&l'], ['key performance indicators', 'kpis', 'kpi'],
  ['registered nurse', 'rn'], ['intensive care unit', 'intensive care', 'icu'], ['project management professional', 'pmp'], ['english', 'englisch', 'anglais', 'ingles'], ['german', 'deutsch', 'allemand', 'aleman'],
  ['french', 'franzosisch', 'francais', 'frances'], ['spanish', 'spanisch', 'espagnol', 'espanol'], ['accessibility', 'a11y', 'wcag'], ['internationalization', 'internationalisation', 'i18n'],
];

const ALIASES: ReadonlyMap<string, readonly string[]> = new Map(SAME.flatMap((row) => row.map((word) => [foldText(word), row.map(foldText)] as const)));

/** Names that are words of the language too: how they are written as a name, and what may not follow. */
const WRITTEN: ReadonlyMap<string, RegExp> = new Map(([
  ['go', /(?<![\p{L}\p{N}])(?:Go|GO)(?![\p{L}\p{N}])(?![ -](?:to|live|above|beyond|the|for|on|into)\b)/u], ['c', /(?<![\p{L}\p{N}.])C(?![\p{L}\p{N}.'’&-])/u], ['r', /(?<![\p{L}\p{N}.&])R(?![\p{L}\p{N}.'’&-])/u],
  ['excel', /(?<![\p{L}\p{N}])(?:Excel|EXCEL)(?![\p{L}\p{N}])(?! (?:at|in)\b)/u], ['swift', /(?<![\p{L}\p{N}])(?:Swift|SWIFT)(?![\p{L}\p{N}])/u], ['rust', /(?<![\p{L}\p{N}])(?:Rust|RUST)(?![\p{L}\p{N}])/u],
  ['dart', /(?<![\p{L}\p{N}])(?:Dart|DART)(?![\p{L}\p{N}])/u], ['spring', /(?<![\p{L}\p{N}])(?:Spring|SPRING)(?![\p{L}\p{N}])(?! (?:\d|term|semester|break))/u],
  ['express', /(?<![\p{L}\p{N}])(?:Express|EXPRESS)(?![\p{L}\p{N}])/u], ['rest', /(?<![\p{L}\p{N}])REST(?![\p{L}\p{N}])/u], ['node', /(?<![\p{L}\p{N}])(?:Node|NODE)(?![\p{L}\p{N}])/u], ['sea', /(?<![\p{L}\p{N}])SEA(?![\p{L}\p{N}])/u],
  ['react', /(?<![\p{L}\p{N}])(?:React|REACT)(?![\p{L}\p{N}])(?! to\b)/u], ['ror', /(?<![\p{L}\p{N}])(?:RoR|ROR)(?![\p{L}\p{N}])/u], ['iac', /(?<![\p{L}\p{N}])(?:IaC|IAC)(?![\p{L}\p{N}])/u],
] as const));

/** One way to write what is asked for. */
export interface Form {
  /** As it stands in folded text. */
  readonly text: string;
  /** What the line as it was written must fit, where the folded text could be an ordinary word. */
  readonly written: RegExp | null;
}

const LEAD = /^(?:(?:at least |min(?:imum|\.)? )?\d+\+? (?:years?|yrs)(?: of)?(?: (?:work |professional |hands-on )?experience)?(?: (?:with|in|of|as))? |(?:(?:very |proven |strong|good|solid|deep|excellent|advanced|basic|working|hands-on|practical|professional|prior|demonstrated),? )*(?:experience|knowledge|skills?|understanding|proficien(?:cy|t)|familiarity|familiar|expertise|command|fluen(?:t|cy)) (?:with|in|of|using) )/;
const TAIL = / (?:experience|skills?|knowledge|required|preferred)$/;

function bareLabel(label: string): string {
  const bare = label.replace(LEAD, '').replace(TAIL, '').trim();
  return bare === '' ? label : bare;
}

/** Every way to write what a criterion asks for; "React or Vue" and "Kubernetes (K8s)" are met by either. */
export function formsOf(label: string): readonly Form[] {
  const folded = foldText(label);
  const [, outer, inner] = /^(.+?) ?\(([^()]+)\)$/.exec(folded) ?? [];
  const names = [folded, ...(outer === undefined ? [folded] : [outer, inner!])].flatMap((name) => [name, ...bareLabel(name).split(/ (?:or|oder|ou|o|\/) /).map((part) => bareLabel(part.trim()))]);
  const texts = new Set(names.filter((name) => name !== '').flatMap((name) => ALIASES.get(name) ?? [name]));
  return [...texts].map((text) => ({ text, written: WRITTEN.get(text) ?? null }));
}
