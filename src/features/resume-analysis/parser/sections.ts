import type { TextLine } from '../../../infrastructure/documents/text-line.js';

export type SectionKind =
  | 'header' | 'work' | 'education' | 'skills' | 'summary' | 'languages' | 'projects' | 'volunteer' | 'awards' | 'publications' | 'interests'
  | 'references' | 'certificates' | 'contact' | 'other';

export interface Section {
  readonly kind: SectionKind;
  readonly lines: TextLine[];
}

/** Names of sections in resumes of several languages; the whole heading must match. */
const HEADINGS: readonly (readonly [SectionKind, RegExp])[] = [
  ['work', /^(work|professional|employment|career|relevant|job|industry|selected|teaching|clinical|research)?\s*(experiences?|employment|history|background|work history|career)( history| summary| highlights)?$/i],
  ['work', /^(work( and employment)?|berufserfahrung|beruflicher werdegang|berufspraxis|expériences?( professionnelles?)?|experiences? professionnelles?|experiencia( laboral| profesional)?|experiência( profissional)?|positions?( held)?|employment( history)?|work & experience|where i('ve| have) worked)$/i],
  ['education', /^(education|educational background|academic( background| history| qualifications| education)?|education(al)?( background)? (and|&|\/) (training|certifications?|qualifications|credentials)|qualifications|studies|ausbildung|studium|bildung|bildungsweg|formations?|etudes|études|educación|formación( académica)?|formação( acadêmica)?|escolaridade|opleiding(en)?)( history)?$/i],
  ['skills', /^((technical|key|core|professional|relevant|hard|soft|it|computer|main|top)\s*)?(skills?|competenc(y|ies)|expertise|technologies|proficiencies|kenntnisse|fähigkeiten|kompetenzen|compétences|competências|competencias|habilidades|vaardigheden|toolbox|tools|tech(nology)? stack|skill ?set|strengths)( (and|&|\/) (technologies|tools|expertise|competenc(y|ies)|interests|knowledge|abilities|languages))?$/i],
  ['skills', /^(areas? of expertise|skills.{0,3}(technologies|tools)|what i (know|do best))$/i],
  ['summary', /^(professional |career |executive |personal )?(summary|profile|objective|statement|overview|intro(duction)?|profil|résumé|perfil|zusammenfassung|samenvatting)( summary| statement)?$|^(about( me)?|who i am|über mich|à propos|sobre mim|sobre mí)$/i],
  ['languages', /^(languages?|language skills|sprachen|sprachkenntnisse|langues|idiomas|talen)$/i],
  ['projects', /^((personal|side|selected|key|open source|notable) )?(projects?|projekte|projets|projetos|proyectos)( (experience|work|history))?$/i],
  ['volunteer', /^(volunteer(ing)?( (work|experience))?|community( (service|involvement))?|ehrenamt|bénévolat|voluntariado)$/i],
  ['awards', /^(awards?|hono(u)?rs|recognitions?|achievements?|accomplishments?|auszeichnungen|prix)( ?(and|&|\/) ?(awards|honors|achievements|recognition))?$/i],
  ['publications', /^(selected )?(publications?|writing|articles|papers|patents|veröffentlichungen|talks|presentations)$/i],
  ['interests', /^(interests?|hobbies|hobbys|interessen|centres d'intérêt|intereses|interesses|activities)( (and|&) \w+)?$/i],
  ['references', /^(references?|recommendations?|testimonials?|referenzen|références|referencias|referências)$/i],
  ['certificates', /^(certifications?|certificates?|licen[sc]es?|zertifikate|certificats|certificações|certificaciones|courses|training|professional development)( ?(and|&|\/) ?\w+)?$/i],
  ['contact', /^(contact( (info(rmation)?|details|me))?|personal( (details|info(rmation)?|data))?|kontakt|persönliche daten|coordonnées|contacto|contato|details|info|links|profiles|social( media| links)?|get in touch|find me)$/i],
];

/** Headings drawn with spaces between the letters, which also may be broken at odd places. */
const SPACED: ReadonlyMap<string, SectionKind> = new Map(
  ([
    ['work', 'experience workexperience professionalexperience workhistory employmenthistory employment'], ['education', 'education academicbackground'],
    ['skills', 'skills technicalskills keyskills corecompetencies expertise'], ['summary', 'summary profile about aboutme objective'],
    ['languages', 'languages'], ['projects', 'projects'], ['awards', 'awards'], ['contact', 'contact'], ['interests', 'interests hobbies'],
    ['references', 'references'], ['publications', 'publications'], ['volunteer', 'volunteer'], ['certificates', 'certifications certificates'],
  ] as const).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind] as const)),
);

const stripDecoration = (text: string): string => text.replace(/^[^\p{L}\d]+|[^\p{L}\d)]+$/gu, '').trim();

/** The section that a line is the heading of, or null where it is none. */
export function headingOf(text: string): SectionKind | null {
  const plain = stripDecoration(text);
  if (plain === '' || plain.length > 40) return null;
  for (const [kind, pattern] of HEADINGS) if (pattern.test(plain)) return kind;
  if (/^(\S{1,3} ){2,}\S{1,3}$/.test(plain) || /^[A-Z]{8,}$/.test(plain)) return SPACED.get(plain.replace(/ /g, '').toLowerCase()) ?? null;
  return null;
}

export function median(values: readonly number[], fallback: number): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? fallback;
}

/** A heading that stands in front of its first line, as labels in a left column do. */
function leadingHeading(line: TextLine): { kind: SectionKind; rest: TextLine } | null {
  const first = line.segments[0];
  if (line.segments.length < 2 || first === undefined || first.length >= 30) return null;
  const kind = headingOf(first);
  if (!kind) return null;
  const segments = line.segments.slice(1);
  return { kind, rest: { ...line, segments, text: segments.join('  ') } };
}

/** Capitals in a size above the text, alone on the line, are a heading even where the words are unknown. */
function looksLikeHeading(line: TextLine, known: readonly TextLine[]): boolean {
  return known.length >= 2 && line.segments.length === 1 && !line.bullet && /^\p{Lu}[\p{Lu} /&'-]{4,34}$/u.test(line.text)
    && known.every((heading) => /^[^\p{Ll}]+$/u.test(heading.text) && Math.abs(heading.height - line.height) < 0.2);
}

/** Cuts the lines of a resume at its headings. What stands before the first is the header. */
export function splitSections(lines: readonly TextLine[]): Section[] {
  const usual = median(lines.map((line) => line.height), 10);
  const sections: Section[] = [{ kind: 'header', lines: [] }];
  const lastInColumn = new Map<number, SectionKind>();
  const known: TextLine[] = [];
  let column = lines[0]?.column ?? 0;
  const begin = (kind: SectionKind, first: TextLine[]): void => void sections.push({ kind, lines: first });
  for (const line of lines) {
    const current = sections.at(-1)!;
    if (line.column !== column) {
      lastInColumn.set(column, current.kind);
      begin((line.page > 1 ? lastInColumn.get(line.column) : null) ?? (line.page === 1 ? 'header' : current.kind), []);
      column = line.column;
    }
    const own = line.bullet ? null : headingOf(line.text);
    const leading = own || line.bullet ? null : leadingHeading(line);
    const isLabel = (own === 'contact' && /^(links|details|info)$/i.test(line.text) && line.height < usual)
      || (current.kind === 'education' && /^(courses|training)$/i.test(line.text));
    if (own && !isLabel) {
      known.push(line);
      begin(own, []);
    } else if (leading) {
      begin(leading.kind, [leading.rest]);
    } else if (looksLikeHeading(line, known)) {
      begin('other', []);
    } else {
      sections.at(-1)!.lines.push(line);
    }
  }
  return sections;
}

export const linesOf = (sections: readonly Section[], ...kinds: SectionKind[]): TextLine[] =>
  kinds.flatMap((kind) => sections.filter((section) => section.kind === kind).flatMap((section) => section.lines));
