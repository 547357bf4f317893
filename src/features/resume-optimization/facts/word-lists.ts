import { stemOf } from './plain-text.js';

const listed = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));
const stems = (words: string): ReadonlySet<string> => new Set([...listed(words)].map(stemOf));

/** Words that carry no fact by themselves, in English, German and French. */
export const STOP_WORDS = listed(`
  a an the and or but nor so yet as at by for from in into of off on onto out over per than that this these those to under until up upon via with within without while when where which who whom whose what why how
  i me my mine we us our ours you your yours he him his she her hers it its they them their is are was were be been being am do does did done has have had having will would can could may might shall should must
  not no also both each all any some such very more most much many few several less least other others own same then there here about above across after again against along among around before behind below between beyond
  during except inside like near since through throughout toward towards one if because due whether either neither only just even still well once further therefore thus
  ein eine einen einem einer eines der die das den dem des und oder aber als am an auf aus bei bis durch fur gegen im in ins mit nach ohne seit uber um unter von vom vor zu zum zur zwischen ich mich mir mein meine meiner meinem
  meinen wir uns unser sie ihr ihre ihren ihrem ihrer er es sich ist sind war waren bin wurde wurden werden wird hat habe haben hatte nicht kein auch sehr mehr dass wie sowie dabei dort hier so
  un une le la les l de du d des et ou mais au aux dans en par pour sur sous avec sans chez entre depuis pendant vers je j me m mon ma mes nous notre nos vous votre vos il elle ils elles leur leurs est sont etait etre ete ai as a avons avez
  ont ce cet cette ces que qui quoi dont ne pas plus aussi tres comme ainsi y se sa son ses c n s t qu`);

/** Plain words of resumes and letters. None of them names anything or anybody, or says how much or in which rank. */
const PLAIN = stems(`
  work worked working experience experienced experiences background role roles position positions career professional profession field area areas previously formerly currently current present earlier later recent recently
  skill skills skilled strong solid proven hands broad deep practical relevant including include includes using use used based focus focused focusing responsible responsibility responsibilities various different new day daily
  achieve achieved achievement accomplish accomplished add added adapt adapted address addressed adopt adopted advance advanced align aligned apply applied applying arrange arranged assemble assembled assess assessed assist
  assisted attain become became begin boost boosted bring build building built carry carried change changed check choose clarify cleaned collaborate collaborated collaborating combine combined complete completed
  conduct conducted consolidate consolidated contribute contributed contributing contribution convert converted cooperate cooperated coordinate craft crafted create created creating cut decrease decreased define defined deliver delivered delivering
  demonstrate demonstrated deploy deployed design designed designing develop developed developing devise devised draft drafted drive driven edit edited effective effectively efficient efficiently efficiency eliminate eliminated enable
  enabled enhance enhanced enhancing ensure ensured ensuring establish established evaluate evaluated execute executed expand expanded extend extended facilitate facilitated finish finished fix fixed gain gained gather gathered
  generate generated give grow guide handle handled handling help helped helping identify identified implement implemented implementing improve improved improving improvement improvements increase increased increasing initiate initiated
  install installed integrate integrated integrating introduce introduced investigate investigated join joined joining keep launch launched learn learned limit maintain maintained maintaining make making manner measure
  measured merge merged migrate migrated minimize modernize modernized modify monitor monitored move moved moving offer operate operated optimise optimised optimize optimized optimizing optimization organise organised organize organized
  participate participated perform performed plan planned planning prepare prepared preparing present presented prevent prevented produce produced produced promote provide provided providing
  raise raised reach reached rebuild rebuilt receive reduce reduced reducing reduction refactor refactored refine refined release released remove removed reorganize replace replaced
  resolve resolved restructure result resulted resulting results review reviewed revise revised rewrite rewrote roll run save saved saving scale scaled secure set setup shape shaped share shared ship shipped shorten shortened
  simplify simplified solve solved solving speed stabilise stabilised stabilize stabilized standardise standardised standardize standardized start started streamline streamlined streamlining strengthen strengthened structure structured
  succeed success successful successfully support supported supporting sustain take tailor test tested testing together transform transformed translate translated tune turn update updated upgrade upgraded validate validated write writing
  able accurate available better careful clean clear clearly close closely complex consistent consistently critical day direct directly early easy end entire everyday existing fast faster full fully general good great high higher highly important
  independent independently internal key large larger lasting long low lower main major modern multiple necessary overall particular particularly practice primary prior quick quickly ready regular regularly reliable reliably
  safe safely seamless several short significant significantly similar simple single small smaller smooth smoothly specific stable steady thorough thoroughly timely useful way ways whole wide years year month months
  abgewickelt angepasst arbeiten arbeite arbeitete aufbau aufgebaut aktuell betreut bearbeitet beigetragen berufserfahrung bereich derzeit durchgefuhrt eingefuhrt einsatz entwickeln entwickelte entwickelt erfahrung erfahrungen erfolgreich
  erreicht erstellt erweitert erzielt frueher fruher gestaltet gesteigert geplant gewartet kenntnisse konzipiert optimiert position reduziert rolle senkte gesenkt stelle tatig tatigkeit umgesetzt unterstutzt unterstutzte verbessert verbesserte verbesserung
  verantwortlich vereinfacht zuletzt zuvor zusammenarbeit
  ameliore amelioration ameliorer actuellement appris assure aide collabore competences concu construit contribue cree developpe developpement effectue elabore experience gere mis oeuvre optimise organise participe poste precedemment prepare
  realise reduit renforce soutenu travaille travail`);

/** Words of a letter's beginning and end; they claim nothing about anybody. */
const COURTESY = stems(`
  application apply applying candidacy dear sincerely regards kind best faithfully yours madam sir thank thanks time consideration considering consider opportunity opportunities welcome pleased happy glad delighted excited
  look looking forward hear hearing discuss discussing conversation talk meet meeting interview interest interested interesting enclosed attached resume letter reply further contact write express believe hope convinced contribute
  company team organisation organization department vacancy opening job advertised posting asks asked ask asking match matches matched suit suits fit fits need needs requirement requirements describe described
  sehr geehrte geehrter damen herren bewerbung bewerbe freundlichen grussen freue freuen gesprach einladung interesse unternehmen gern gerne lebenslauf anbei rueckmeldung ruckmeldung personliches
  madame monsieur candidature agreer expression salutations distinguees cordialement entretien interet postuler disposition rencontrer entreprise lettre joint plaisir`);

/** Words that say of what rank somebody was, or for what they answered: never a matter of style. */
const RANKS = listed(`
  senior junior principal staff chief head vice executive president director directors manager managers management lead leads leader leaders leadership supervisor supervisors founder founders cofounder owner owners owned partner partners
  architect architects engineer engineers engineering developer developers scientist scientists analyst analysts consultant consultants designer designers administrator specialist specialists expert experts coordinator professor lecturer teacher
  instructor officer ceo cto cfo coo cio vp svp evp nurse doctor physician surgeon lawyer attorney accountant auditor intern interns trainee freelancer contractor programmer technician recruiter representative strategist advisor adviser mentor coach
  leiter leiterin leitung geschaftsfuhrer geschaftsfuhrerin ingenieur ingenieurin entwickler entwicklerin berater beraterin vorstand abteilungsleiter teamleiter prokurist meister
  directeur directrice responsable chef cheffe ingenieure developpeur developpeuse gerant gerante fondateur fondatrice consultante cadre`);
const ANSWERABLE = stems('led lead leading manage managed managing head headed heading direct directed directing found founded founding co-founded supervise supervised oversee oversaw mentor mentored coach coached train trained hire hired hiring recruit recruited negotiate negotiated invent invented pioneer pioneered spearhead spearheaded own owning leiten leitete geleitet gegrundet betreute fuhrte gefuhrt diriger dirige encadre encadrer fonde manage recrute');

/** Words of degrees, certificates and honours. */
const MERITS = listed(`
  bachelor bachelors master masters mba phd doctorate doctoral doctor bsc msc ba ma beng meng llb llm md jd degree degrees diploma graduate graduated graduation postgraduate undergraduate valedictorian laude magna summa honours honors gpa
  certified certificate certificates certification certifications accredited licensed licence license chartered cpa cfa pmp cissp ccna ccnp aws-certified csm psm itil prince2 scrum
  award awards awarded awardee prize prizes winner winners won win patent patents patented published publication publications author authored scholarship fellow fellowship nominated ranked rank top fluent native bilingual
  diplom abschluss promotion promoviert doktor staatsexamen abitur zertifiziert zertifikat ausgezeichnet auszeichnung preis muttersprache fliessend
  licence diplome diplomee doctorat maitrise baccalaureat certifie certifiee prix laureat brevet bilingue couramment`);

/** Names of tools and methods that are often written with small letters. A name of more words is known by its first. */
const SKILLS = listed(`
  python java javascript typescript golang rust kotlin swift scala ruby php perl haskell elixir erlang clojure fortran cobol matlab sas spss stata sql nosql graphql html css sass react angular vue svelte nextjs nuxt node nodejs deno express nestjs
  django flask fastapi rails laravel symfony spring hibernate dotnet csharp c# c++ f# postgresql postgres mysql mariadb sqlite oracle mongodb redis cassandra dynamodb elasticsearch kafka rabbitmq spark hadoop airflow dbt snowflake databricks bigquery redshift tableau
  powerbi looker excel docker kubernetes k8s terraform ansible puppet chef jenkins gitlab github git bitbucket linux unix bash powershell aws azure gcp heroku vercel cloudflare nginx apache prometheus grafana datadog splunk pytorch tensorflow keras sklearn
  pandas numpy nlp llm opencv blockchain solidity figma sketch photoshop illustrator indesign autocad solidworks catia revit sap salesforce hubspot zendesk jira confluence trello asana notion slack quickbooks xero netsuite workday wordpress drupal magento
  shopify seo sem agile scrum kanban lean kaizen sigma tdd bdd devops cicd microservices serverless api rest soap grpc oauth saml gdpr hipaa sox ifrs gaap iso phlebotomy triage epic cerner spanish french german italian portuguese dutch russian chinese mandarin
  japanese korean arabic hindi englisch franzosisch spanisch anglais allemand espagnol selenium cypress playwright jest mocha junit webpack vite android ios flutter xamarin unity unreal webgl`);

/** What kind of fact a word is by itself, where it is one. */
export function sensitiveKind(folded: string): 'title' | 'merit' | 'skill' | 'responsibility' | null {
  if (RANKS.has(folded)) return 'title';
  if (MERITS.has(folded)) return 'merit';
  if (SKILLS.has(folded)) return 'skill';
  return ANSWERABLE.has(stemOf(folded)) ? 'responsibility' : null;
}

export const isPlainWord = (folded: string): boolean => PLAIN.has(stemOf(folded));
export const isCourtesyWord = (folded: string): boolean => COURTESY.has(stemOf(folded));
