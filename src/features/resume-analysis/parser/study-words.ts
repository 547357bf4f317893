import { LETTER, wholeWords } from './lexicon.js';

/** Parts of words that names of schools are made of, in several languages. */
export const INSTITUTION = new RegExp(`universi|uniwers|yliopisto|college|(?<!high |secondary |vor)school(?!-)|schule(?!${LETTER})|institut|academy|académie|academia|akadem|école|ecole|hochschul|hogeschool|högskola|politec|politèc|polytech|politech|polytec|facult|faculdade|facultad|conservator|bootcamp|lycée|gymnasi|escuela|escola|colegio|colégio|collège|coláiste|kolleg|seminary|sixth form|grammar school|high school(?! diploma)|secondary school(?! cert)|(?<!${LETTER})(?:mit|eth|ucla|nyu|caltech|iit|nit|iim|lse|tu|kit|hec|epfl|insead|uc|cfa|iut|esade|essec|escp|kth|usp|ufmg|puc|ucl|nus|ntu|fh|htl|bits|rwth|lmu|sciences po|insa|cnam|greta|afpa|ies|easd|ihk|senai|senac|fundação|fundación|st\\.? ${LETTER}+['’]s)(?!${LETTER})`, 'i');

const DOCTOR = 'ph\\.?_?d\\.? dr\\.(?:_~\\.)* dphil d\\.?phil\\.? doctor(?:ate)?(?:_of_[a-zA-Z_]+?)?(?=_in_|$|[,;:–(]) doctorat doctorado doutorado doktor promotion pharm\\.?d\\.? psy\\.?d\\.? ed\\.?d\\.? j\\.?d\\.? m\\.?d\\.? d\\.?d\\.?s\\.? dnp';
const OF = '(?:_of_(?:applied_|fine_|business_|public_|social_|health_)?(?:arts?|sciences?|laws?|engineering|technology|commerce|education|business|administration|music|medicine|nursing|philosophy|architecture|design|letters|surgery|accountancy|accounting|economics|theology|pharmacy|health|work|~))?';
const MASTER = `mb\\.?a\\.? m\\.b\\.a\\.? emba executive_mba m\\.?_?sc\\.? m\\.?_?eng\\.? m\\.?_?ed\\.? m\\.?phil\\.? m\\.?_?tech\\.? m\\.?_?com\\.? m\\.?_?a\\. m\\.?_?s\\. ms ma mfa msn mph mpa mpp msw mres mca mpharm ll\\.?_?m\\.? ll\\.?m master(?:['’]?s|e)?(?:_degree)?${OF} máster mestrado maestr[ií]a magister magistr mastère laurea_magistrale postgraduate_(?:diploma|certificate|degree) pgdip pg_?diploma pgce pgde pgdm`;
const BACHELOR = `b\\.?_?sc\\.? b\\.?_?eng\\.? b\\.?_?ed\\.? b\\.?_?tech\\.? b\\.?_?com(?:m)?\\.? b\\.?b\\.?a\\.? ll\\.?_?b\\.? b\\.?_?a\\. b\\.?_?s\\. b\\.?_?e\\. bs ba be bfa bsn bca bbs bds barch bpharm mbbs m\\.b\\.b\\.s\\.? mbchb mb_bch bvsc bachelor(?:['’]?s)?(?:_degree)?${OF} bacharelado bachillerato licen[cs]e_professionnelle licence licenciatura licenciad[oa] licencjat laurea kandidat(?:examen)? grado graduado graduad[oa] graduação diplom-?ingenieur~ diplom-~ diplom diplôme_(?:d['’]ingénieur|national_~|d['’]état)? diplôme dipl\\.-?_?ing\\.? magister_artium staatsexamen ingénieur engineer's_degree undergraduate_degree honours_degree`;
const OTHER = "associate(?:['’]?s)?(?:_degree)?(?:_of_(?:applied_)?(?:arts|science))?(?:_in_applied_science)? aas aa adn tecnólogo técnico(?:_superior)? formación_profesional curso_técnico bts but dut deug deust cap bep bac(?:_pro|_s|_es|_l|_techno)? baccalauréat(?:_professionnel)? baccalaureate brevet abitur fachabitur fachhochschulreife mittlere_reife hauptschulabschluss realschulabschluss ausbildung berufsausbildung gesellenbrief meisterbrief lehre matura maturité matric vwo havo mbo hbo "
  + "studentexamen yrkesexamen leaving_cert(?:ificate)? a[-_]?levels? as[-_]levels? o[-_]levels? gcses? igcses? ged ib_diploma international_baccalaureate high_school_diploma high_school secondary_school_certificate ssc hsc hnd hnc nvq(?:_level_\\d)? btec city_(?:and|&)_guilds apprenticeship nanodegree minor "
  + "executive_certificate (?:graduate|advanced|professional|higher|national|executive|postgraduate)_(?:certificate|diploma) foundation_degree certificate certificat certificado zertifikat certification diploma degree undergraduate postgraduate ac(?:a|ca) acca cpa cima";

/** Names of degrees, long and short, in several languages; "(Hons)" belongs to them. */
export const DEGREE = new RegExp(`${wholeWords([DOCTOR, MASTER, BACHELOR, OTHER].join(' ')).source}(?:\\s*(?:\\((?:hons|honours|honors|cantab|oxon)\\.?\\)|hons\\.?(?!${LETTER})|with honours|honours degree))?`, 'i');

const EVERY_DEGREE = new RegExp(DEGREE.source, 'gi');

/** The first name of a degree in the text. Two or three letters without a dot are one only where some are capitals: "MA", not "but". */
export function findDegree(text: string): { readonly index: number; readonly text: string } | null {
  for (const match of text.matchAll(EVERY_DEGREE)) {
    if (match[0].length > 3 || match[0].includes('.') || /\p{Lu}/u.test(match[0])) return { index: match.index, text: match[0].trim() };
  }
  return null;
}

/** Whether the text names a school rather than a degree from one. */
export const isInstitution = (text: string): boolean => INSTITUTION.test(text) && !/^(bachelor|master|doctor|associate|high school diploma|licen[cs]e |mba )/i.test(text);
