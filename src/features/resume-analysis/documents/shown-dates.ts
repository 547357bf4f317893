const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Mar 2021" or "2021"; what is no date of a record is shown as it is. */
export function shownDate(date: string | undefined): string {
  const [, year, month] = /^(\d{4})(?:-(0[1-9]|1[0-2]))?(?:-\d\d)?$/.exec(date ?? '') ?? [];
  if (year === undefined) return date ?? '';
  return month === undefined ? year : `${MONTHS[Number(month) - 1]} ${year}`;
}

/** "Mar 2021 – Present": a start without an end goes on, an end without a start is one date. */
export function shownSpan(start: string | undefined, end: string | undefined): string {
  const [from, to] = [shownDate(start), shownDate(end)];
  if (from === '') return to;
  return `${from} – ${to === '' ? 'Present' : to}`;
}
