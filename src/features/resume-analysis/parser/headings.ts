export type SectionKind =
  | 'header' | 'work' | 'education' | 'skills' | 'summary' | 'languages' | 'projects' | 'volunteer' | 'awards' | 'publications' | 'interests'
  | 'references' | 'certificates' | 'contact' | 'other';

/** Words that tell the kind of a section, in several languages; the first of them in a heading decides. */
const KEY_WORDS: Readonly<Partial<Record<SectionKind, string>>> = {
  volunteer: 'volunteer volunteering volunteers ehrenamt ehrenamtliches benevolat voluntariado vrijwilligerswerk community',
  projects: 'projects project projekte projekt projets projet projetos proyectos projecten',
  references: 'references reference recommendations testimonials referenzen referencias referees',
  publications: 'publications publication writing articles papers patents talks presentations speaking veroffentlichungen publikationen publicacoes publicaciones publicaties',
  certificates: 'certifications certification certificates certificate licenses licences license licence zertifikate certificats certificacoes certificaciones certificados courses '
    + 'weiterbildung fortbildung weiterbildungen cursos habilitations',
  awards: 'awards award honors honours recognition recognitions achievements accomplishments auszeichnungen prix distinctions premios onderscheidingen scholarships',
  languages: 'languages language sprachen sprachkenntnisse langues idiomas talen linguas',
  education: 'education educational academic academics studies study qualifications ausbildung studium bildung bildungsweg bildungsgang werdegang schulbildung formation formations etudes '
    + 'educacion formacion formacao educacao escolaridade opleiding opleidingen estudios estudos diplomes utbildning wyksztalcenie istruzione schooling degrees',
  work: 'experience experiences employment work career berufserfahrung berufspraxis arbeitserfahrung berufstatigkeit praxiserfahrung emploi emplois parcours experiencia experiencias trajetoria '
    + 'werkervaring ervaring loopbaan arbetslivserfarenhet doswiadczenie esperienza positions position jobs job appointments',
  skills: 'skills skill competencies competences competence competency expertise technologies proficiencies kenntnisse fahigkeiten kompetenzen competencias competenze habilidades aptitudes '
    + 'conocimientos conhecimentos vaardigheden fardigheter kompetens umiejetnosci toolbox tools stack skillset strengths edv savoir capabilities abilities technology',
  interests: 'interests interest hobbies hobbys interessen interets loisirs intereses interesses aficiones passions activities',
  summary: 'summary profile objective statement overview intro introduction profil resume perfil zusammenfassung samenvatting about resumo uber propos sobre apropos bio biography kurzprofil',
  contact: 'contact kontakt personal coordonnees contacto contato details info information links profiles social connect',
  other: 'memberships membership affiliations mitgliedschaften additional miscellaneous sonstiges divers training trainings declaration extracurricular leadership military',
};

/** Words that may stand beside a key word without changing its kind. */
const COMPANIONS = 'professional relevant selected teaching clinical research industry key core technical hard soft it computer main top areas area of and the my for in with what i do best history background '
  + 'highlights credentials knowledge know held beruflicher beruflich berufliche professionnelle professionnelles professionnel laboral profesional profissional academica academicas academico academique und et y e en de da do des du '
  + 'la le les el los las et ou a mes mis meus meine mein me mi meu executive life open source side notable other section years recent previous past present full list where have worked centres '
  + 'data daten personliche personal technische techniques technique fachliche digital digitale et methods media get touch find who am mich curriculum informatiques informaticas zawodowe personnelles';

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/ß/g, 'ss').replace(/ł/g, 'l');
const KEYS: ReadonlyMap<string, SectionKind> = new Map(Object.entries(KEY_WORDS).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind as SectionKind] as const)));
const COMPANION_WORDS: ReadonlySet<string> = new Set(COMPANIONS.split(' '));
const LONGEST_WORD = 18;
/** Phrases whose first key word is not what they are about. */
const PHRASES: readonly (readonly [RegExp, SectionKind])[] = [
  [/^(beruflicher werdegang|work (and|&) projects|work history|what i do|career|parcours professionnel|berufspraxis)$/, 'work'],
  [/^(skills? summary|summary of (skills|qualifications)|what i (know|do best)|languages? (and|&) (technologies|tools|frameworks)|programming languages?|it kenntnisse)$/, 'skills'],
  [/^(language skills|competences? linguistiques?)$/, 'languages'],
  [/^(career|professional|work|qualifications?) (summary|objective|profile|overview)$|^(personal (statement|profile|summary)|who i am|hello|hi)$/, 'summary'],
  [/^(personal (details|info|information|data)|personliche daten|get in touch|find me)$/, 'contact'],
];
const NEVER_ALONE: ReadonlySet<string> = new Set(['position', 'reference', 'project', 'study', 'degrees', 'interest', 'savoir', 'technology', 'writing', 'license', 'licence', 'certificate', 'award', 'academic', 'job']);

/** Cuts words that were drawn without space between them: "WORKEXPERIENCE". Null where letters remain. */
function cutWords(letters: string): string[] | null {
  if (letters === '') return [];
  for (let length = Math.min(LONGEST_WORD, letters.length); length > 1; length -= 1) {
    const word = letters.slice(0, length);
    if (!KEYS.has(word) && !COMPANION_WORDS.has(word) && word !== 'and') continue;
    const rest = cutWords(letters.slice(length));
    if (rest) return [word, ...rest];
  }
  return null;
}

function kindOfWords(words: readonly string[]): SectionKind | null {
  const phrase = words.join(' ');
  const known = PHRASES.find(([pattern]) => pattern.test(phrase));
  if (known) return known[1];
  if (words.length > 6 || (words.length === 1 && NEVER_ALONE.has(phrase)) || words.some((word) => !KEYS.has(word) && !COMPANION_WORDS.has(word))) return null;
  const kinds = words.flatMap((word) => KEYS.get(word) ?? []);
  // "Professional Experience" but also "Experience Summary": what is general gives way to what is particular.
  return kinds.find((kind) => kind !== 'summary' && kind !== 'contact' && kind !== 'other') ?? kinds[0] ?? null;
}

/** The section that a line is the heading of, or null where it is none. */
export function headingOf(text: string): SectionKind | null {
  const plain = text.replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, '');
  if (plain === '' || plain.length > 45 || /[,;.!?@]|\d/.test(plain) || /^\p{Ll}/u.test(plain)) return null;
  const words = fold(plain).replace(/['’]/g, ' ').split(/[^\p{L}]+/u).filter((word) => word !== '' && word.length + plain.length > 1 && !/^[dl]$/.test(word));
  const kind = kindOfWords(words);
  if (kind || !/^[\p{Lu}&' ]+$/u.test(plain)) return kind;
  const letters = fold(plain).replace(/[^\p{L}]/gu, '');
  const cut = letters.length >= 5 ? cutWords(letters) : null;
  return cut && kindOfWords(cut);
}
