/** Words that job titles are made of. */
export const TITLE = /\b(engineer\w*|developer|programmer|architect|manager|director|officer|president|vp|ceo|cto|coo|cfo|cmo|cpo|founder|co-founder|lead|head of|head|analyst|scientist|designer|consultant|administrator|specialist|coordinator|assistant|associate|intern(ship)?|nurse|teacher|instructor|professor|lecturer|tutor|accountant|controller|auditor|bookkeeper|dispatcher|representative|executive|technician|operator|supervisor|foreman|researcher|writer|copywriter|editor|journalist|producer|strategist|recruiter|clerk|chef|cook|driver|physician|therapist|attorney|lawyer|counsel|paralegal|buyer|planner|advisor|adviser|agent|trainer|coach|sales\w*|marketing|marketer|product owner|scrum master|freelance\w*|contractor|fellow|apprentice|trainee|crew|member|principal|staff|sre|devops|qa|tester|ingenieur\w*|ingénieur\w*|entwickler\w*|leiter\w*|referent\w*|mitarbeiter\w*|berater\w*|chef de|responsable|chargée? d\w*|développeu\w*|infirmi\w*|enseignant\w*|gerente|analista|desenvolvedor\w*|engenheir\w*|ingenier\w*|desarrollador\w*|diretor\w*|coordenador\w*|volunteer|owner|partner|broker|captain|webmaster|dba|full[- ]?stack\w*|barista|cashier|server|waiter|waitress|janitor|mentor|evangelist|advocate|statistician|biologist|chemist|pharmacist|dentist|surgeon|paramedic|midwife|electrician|mechanic|plumber|welder|carpenter|pilot|librarian|translator|interpreter|photographer|curator|economist|underwriter|actuary|teller|banker|trader)\b/iu;

/** Words that names of employers are made of. */
export const ORGANISATION = /\b(inc|llc|llp|ltd|limited|gmbh|ag|kg|corp|corporation|company|co|plc|pte|pty|sarl|sas|s\.?a|s\.?l|b\.?v|n\.?v|ltda|group|groupe|gruppe|labs?|technologies|technology|systems|solutions|studios?|agency|agence|bank|banque|hospital|hospice|clinic|klinik|university|universität|college|school|institute|academy|ministry|army|navy|department|council|partners|consulting|consultants|associates|holdings|international|services|foundation|startup|industries|motors|media|networks?|software|logistics|airlines?|railways?|insurance|capital|ventures|retail|stores?|pharma\w*|health|healthcare|energy)\b/iu;

/** What people write where the name of an employer would stand. */
export const SELF_EMPLOYED = /^(freelance|freelancer|self[- ]employed|independent|selbst(st)?ändig|indépendante?|autônomo|autónomo)$/i;

/** Words that names of schools are made of. */
export const INSTITUTION = /(universi|université|college|school|schule\b|institut|academy|académie|academia|akademie|école|ecole|hochschule|politec|polytech|faculty|faculdade|facultad|conservator|bootcamp|\bmit\b|\beth\b|\bucla\b|\bnyu\b|\bcaltech\b|\biit\b|\blse\b|lycée|gymnasium|escuela|escola|colegio|collège|\btu\b|\bkit\b|\bhec\b|\bepfl\b|\binsead\b|\buc\b|seminary|\bst\.? \w+'s)/iu;

/** Names of degrees, long and short, in several languages. */
export const DEGREE = new RegExp(
  '(?<![\\p{L}.])(?:' + [
    'ph\\.?\\s?d\\.?', 'doctor(?:ate)?(?: of [\\w ]+)?', 'd\\.?phil', 'promotion', 'm\\.?b\\.?a\\.?', "master(?:'s|s|’s)?(?: of (?:business administration|fine arts|public health|[A-Z]\\w+(?: [A-Z]\\w+)?))?",
    'm\\.?\\s?sc\\.?', 'm\\.?\\s?eng\\.?', 'm\\.?\\s?ed\\.?', 'm\\.?\\s?phil\\.?', 'm\\.?\\s?a\\.', 'm\\.?\\s?s\\.', "bachelor(?:'s|s|’s)?(?: of [A-Z]\\w+(?: [A-Z]\\w+)?)?", 'b\\.?\\s?sc\\.?', 'b\\.?\\s?eng\\.?', 'b\\.?\\s?ed\\.?',
    'b\\.?\\s?tech\\.?', 'm\\.?\\s?tech\\.?', 'b\\.?\\s?com\\.?', 'm\\.?\\s?com\\.?', 'b\\.?b\\.?a\\.?', 'll\\.?b\\.?', 'll\\.?m\\.?', 'j\\.?d\\.?', 'm\\.?d\\.?', 'b\\.?\\s?a\\.', 'b\\.?\\s?s\\.', 'BS', 'BA', 'MS', 'MA', 'BFA', 'MFA', 'BSN', 'MSN', 'ADN', 'AAS?',
    "associate(?:'s|s)?(?: degree)?(?: (?:of|in) (?:applied )?(?:science|arts))?", 'diplom(?:a|e|-?ingenieur\\w*)?', 'diplôme(?: d\\W?ingénieur\\w*)?', 'licen[cs]e', 'licence professionnelle', 'licenciatura', 'bacharelado', 'mestrado', 'maestría', 'grado', 'graduado', 'tecnólogo', 'staatsexamen', 'certificat(?:e|ion)?', 'pgce', 'hnd', 'hnc', 'nvq',
    'high school', 'secondary school', 'a[- ]levels?', 'gcses?', 'ged', 'abitur', 'baccalauréat', 'baccalaureate', 'bac', 'magister', 'matura', 'minor', 'nanodegree', 'apprenticeship', 'ausbildung', 'undergraduate', 'postgraduate', 'leaving cert(?:ificate)?', 'degree', 'bts', 'dut',
  ].join('|') + ')(?![\\p{L}\\d])', 'iu');

const PLACE_NAME = "[\\p{Lu}][\\p{L}.'’ -]+";

/** "Berlin, Germany", "Austin, TX", "Remote": where something was, not what or with whom. */
export const LOCATION = new RegExp(`^(?:remote|hybrid|on-?site|${PLACE_NAME},\\s*(?:[A-Z]{2,3}|${PLACE_NAME})(?:,\\s*${PLACE_NAME})?|[A-Z]{2})$`, 'u');

export const BULLET = /^\s*[•▪◦‣·●○■□–—\-*➢►✓❖\u25CF]\s*/u;
export const URL = /(https?:\/\/[^\s,;|)]+|www\.[^\s,;|)]+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|me|co|ai|app|example|edu|tech|blog|site|info|de|fr|uk|eu|in|br|es|nl|us|ca|ie|sg|ae|ch|at|be|it|se|pt)(?![\w.])\/?(?:[\w\-./~%?=#@]*[\w/])?)/gi;
export const EMAIL = /[\p{L}0-9._%+-]+@(?:[\p{L}0-9-]+\.)+\p{L}{2,}/u;

/** The text without icons, outer punctuation and doubled spaces. */
export const trimPart = (text: string): string =>
  text.replace(/[\uE000-\uF8FF]/g, ' ').replace(/\s+/g, ' ').replace(/^[\s,;:|•·–—\-@(/]+|[\s,;:|•·–—\-(/]+$/g, '').trim();
