/** A due date is a day: it ends with its last minute here. Pure. */

const two = (part: number) => String(part).padStart(2, '0');

/** The value of a date field for an instant; empty for none. */
export function dayOf(at: number): string {
  if (at === 0) return '';
  const day = new Date(at);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The last minute of a date field's day; 0 for none. */
export function endOf(day: string): number {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return 0;
  return new Date(year, month - 1, date, 23, 59).getTime();
}
