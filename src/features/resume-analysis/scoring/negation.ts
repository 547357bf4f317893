const EXPERIENCE = '(?:experience|knowledge|exposure|background|skills?|familiarity|erfahrung(?:en)?|kenntnisse?|experiencia|conocimientos?|conhecimentos?)';
/** "No experience with": all that follows in the sentence is missing. */
const MISSING = new RegExp(`\\b(?:no|not any|not much|without(?: any)?|lack(?:s|ing)?(?: of)?|zero|kein(?:e|en|erlei)?|ohne|sans|aucune?|pas d[e']|sin|sem|ningun[ao]?) ?(?:[a-z-]+ ){0,2}${EXPERIENCE}\\b`);
/** "Have never used", "would like to learn": the same. */
const UNDONE = /\b(?:never|not|haven't|have not|hasn't|didn't|did not|don't|do not|nie|noch nicht|nicht|jamais|nunca)(?: yet| ever| really| actually| personally)? (?:used|worked|touched|learn(?:ed|t)|know|tried|programmed|written|done|gearbeitet|benutzt|verwendet|travaille|utilise|usado|trabajado|trabalhei)\b|\b(?:to|in|about|beim?) (?:start )?learn(?:ing)?\b/;
/** "Without Kubernetes": only what follows at once. */
const AT_ONCE = /\b(?:no|not|without|never|ohne|kein(?:e|en)?|nicht|sans|sin|sem)(?: (?:any|prior|direct|real|much|yet|the))? $/;
const NOT_MISSING = /\bnot (?:only|just|for)\b|\bno (?:less|fewer|later)\b/g;
const CONTRAST = /[.!?](?=\s|$)|[;•|]|\b(?:but|however|although|though|yet i|instead|aber|jedoch|sondern|mais|pero|mas|porem)\b/;
const AFTER = /^[\s:(=–-]{1,4}(?:none|no (?:experience|knowledge)|not yet|never|keine?|noch nicht|aucune?|ninguna|nenhuma|n\/a|0 years)\b/;

/** Whether the folded line says at this place that the thing is missing: "no experience with Kubernetes", "Kubernetes: none". */
export function isNegated(line: string, from: number, to: number): boolean {
  if (AFTER.test(line.slice(to))) return true;
  const before = line.slice(0, from).replace(NOT_MISSING, '').split(CONTRAST).at(-1)!;
  return MISSING.test(before) || UNDONE.test(before) || AT_ONCE.test(before);
}
