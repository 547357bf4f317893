const linesOf = (value: FormDataEntryValue | null): string[] => String(value ?? '').split('\n').map((line) => line.trim()).filter(Boolean);

/** What a form with the fields must, nice and minimumYears asks for. */
export function criteriaOf(form: FormData): { minimumYears: number | null; criteria: readonly { label: string; necessity: string }[] } {
  const criteria = (necessity: 'must' | 'nice'): { label: string; necessity: string }[] => linesOf(form.get(necessity)).map((label) => ({ label, necessity }));
  const years = String(form.get('minimumYears') ?? '');
  return { minimumYears: years === '' ? null : Number(years), criteria: [...criteria('must'), ...criteria('nice')] };
}
