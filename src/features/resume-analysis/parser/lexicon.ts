/** Letters of the languages whose words are listed; a class of all letters costs a second to compile where it stands a hundred times. */
export const LETTER = '[a-zA-Z\\u00c0-\\u024f]';

/** A pattern of whole words from a list; unlike \b it knows accents. "_" stands for a space, "~" for any letters. */
export const wholeWords = (list: string): RegExp =>
  new RegExp(`(?<![a-zA-Z0-9\\u00c0-\\u024f])(?:${list.trim().split(/\s+/).join('|').replace(/_/g, '\\s').replace(/~/g, `${LETTER}*`)})(?![a-zA-Z0-9\\u00c0-\\u024f])`, 'i');

const TITLE_WORDS = `
  engineer~ developer programmer architect manager director officer president vp ceo cto coo cfo cmo cpo founder co-founder lead head analyst scientist designer consultant administrator specialist
  coordinator assistant associate intern(?:ship)? nurse teacher instructor professor lecturer tutor accountant controller auditor bookkeeper dispatcher representative executive technician operator supervisor
  foreman researcher writer copywriter editor journalist producer strategist recruiter clerk chef cook driver physician therapist physiotherapist attorney lawyer counsel solicitor barrister paralegal buyer planner advisor
  adviser agent trainer coach sales~ marketing marketer freelance~ contractor fellow apprentice trainee crew member principal staff sre devops qa tester volunteer owner
  partner broker captain webmaster dba full[-_]?stack~ barista cashier waiter waitress janitor mentor evangelist advocate statistician biologist chemist pharmacist dentist surgeon paramedic midwife
  electrician mechanic plumber welder carpenter pilot librarian translator interpreter photographer curator economist underwriter actuary teller banker trader resident postdoc~ postdoctoral superintendent
  inspector estimator builder installer handyman caretaker carer caregiver counsellor counselor psychologist radiographer optometrist veterinarian doctor registrar paediatrician pediatrician cardiologist
  steward stewardess bartender baker butcher gardener farmer guard policeman firefighter soldier sergeant lieutenant secretary receptionist typist illustrator animator artist musician actor performer dancer
  machinist fitter packer picker loader merchandiser purchaser scholar student leader chief judge magistrate notary surveyor geologist physicist mathematician data_entry
  ingenieur~ ingénieur~ ~entwickler~ ~leiter~ ~leitung referent~ ~mitarbeiter~ ~berater~ ~ingenieur~ ~assistent~ ~student~ werkstudent~ praktikant~ praktikum
  auszubildende~ konstrukteur~ geschäftsführer~ ~kauffrau ~kaufmann ~lehrer~ ~pfleger~ ~schwester techniker~ elektriker~ ~meister~ verkäufer~ sachbearbeiter~ ~arzt ~ärztin
  jurist~ rechtsanwalt rechtsanwältin buchhalter~ ~redakteur~ gestalter~ ~führer~ ~verantwortliche~ ~wissenschaftler~ volontär~
  chef~ responsable chargée? développeu~ infirmi~ enseignant~ électricien~ technicien~ conseill~ directeur directrice vendeu~ comptable stagiaire apprentie? assistante adjointe? formateur formatrice gérante?
  professeure? avocate? juriste rédact~ graphiste concepteur conceptrice coordinateur coordinatrice commerciale? cuisinier~ serveu~ alternante? consultante?
  gerente analista desenvolvedor~ engenheir~ ingenier~ desarrollador~ diretor~ coordenador~ director~ coordinador~ auxiliar ayudante diseñador~ profesor~ enfermer~ abogad~ contador~ contable
  técnic~ jefe jefa encargad~ dependient~ vendedor~ comercial becari~ maquetador~ maestr~ estagiári~ supervisor~ gestor~ assistente professor~ advogad~ eletricista electricista programador~ arquitect~ arquitet~ consultor~ asesor~
  medewerker adviseur docent verpleegkundige hoofd beheerder ontwikkelaar stagiair~ lärare sjuksköterska utvecklare chef ingenjör konsult specjalista kierownik programista inżynier nauczyciel~ doradca asystent~ stażyst~`;

const ORGANISATION_WORDS = `
  inc llc llp ltd limited gmbh ag kg kgaa se ug corp corporation company co plc pte pty sarl sas sasu s\\.?a\\.? s\\.?l\\.?u? s\\.?r\\.?l\\.? s\\.?p\\.?a\\.? b\\.?v\\.? n\\.?v\\.? ltda ab asa oy a\\/s aps sp\\.?_z_o\\.?o\\.? group groupe grupo gruppe labs? technologies technology
  systems solutions studios? agency agence agencia bank banque banco hospital hospice clinic clínica clinique klinik~ krankenhaus universitäts~ university universität universidad universidade université college school institute instituto institut academy ministry army navy
  department council partners consulting consultants associates holdings? international services foundation fundación fundação fondation stiftung startup industries motors media networks? software logistics airlines? railways?
  insurance capital ventures retail stores? pharma~ health healthcare energy énergie energie electric trust centre center église hotels? restaurants? press publishing verlag editorial imprenta éditions établissements ets
  estudio escritório ingenieurbüro ~büro kanzlei werke? stadtwerke amt landratsamt mairie ayuntamiento prefeitura gemeente primary elementary sjukhus laboratory laboratories laboratoire society association authority nhs corps airways`;

/** Words that job titles are made of. */
export const TITLE = wholeWords(TITLE_WORDS);

/** Words that names of employers are made of. */
export const ORGANISATION = wholeWords(ORGANISATION_WORDS);

/** What people write where the name of an employer would stand. */
export const SELF_EMPLOYED = /^(freelance|freelancer|self[- ]employed|independent|selbst(st)?ändig|freiberuflich|indépendante?|autônomo|autónom[oa]|por cuenta propia)$/i;

const PLACE_NAME = "[\\p{Lu}][\\p{L}.'’ -]+";

/** "Berlin, Germany", "Austin, TX", "Remote": where something was, not what or with whom. */
export const LOCATION = new RegExp(`^(?:remote|hybrid|on-?site|${PLACE_NAME},\\s*(?:[A-Z]{2,3}|${PLACE_NAME})(?:,\\s*${PLACE_NAME})?|[A-Z]{2})$`, 'u');

export const BULLET = /^\s*[•▪◦‣·●○■□–—\-*➢►✓❖\u25CF]\s*/u;
export const URL = /(https?:\/\/[^\s,;|)]+|www\.[^\s,;|)]+|(?<![\p{L}\d@])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|me|co|ai|app|example|edu|tech|blog|site|info|de|fr|uk|eu|in|br|es|nl|us|ca|ie|sg|ae|ch|at|be|it|se|pt|pl)(?![\w.])\/?(?:[\w\-./~%?=#@]*[\w/])?)/giu;
export const EMAIL = /[\p{L}0-9._%+-]+@(?:[\p{L}0-9-]+\.)+\p{L}{2,}/u;

/** The text without icons, outer punctuation and doubled spaces. */
export const trimPart = (text: string): string => {
  const plain = text.replace(/[\uE000-\uF8FF]/g, ' ').replace(/\s+/g, ' ').replace(/^[\s,;:|•·–—\-@/]+|[\s,;:|•·–—\-(/]+$/g, '').replace(/^\((?=[^)]*$)/, '').trim();
  return /^\([^()]*\)$/.test(plain) ? plain.slice(1, -1).trim() : plain;
};
