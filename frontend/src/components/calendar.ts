/** Days and months of the local calendar. Pure; a day is the instant at which it begins. */

const daysOfWeek = 7;

/** A month; `month` counts from 0. */
export interface Month {
  year: number;
  month: number;
}

/** The beginning of the day of an instant. */
export function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The month of an instant. */
export function monthOf(at: number): Month {
  const date = new Date(at);
  return { year: date.getFullYear(), month: date.getMonth() };
}

/** The day so many days later, also over a change of the clock. */
export function addDays(day: number, count: number): number {
  const date = new Date(day);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + count).getTime();
}

/** The same day of another month, or that month's last one: a month after 31 January is 28 February. */
export function addMonths(day: number, count: number): number {
  const date = new Date(day);
  const last = new Date(date.getFullYear(), date.getMonth() + count + 1, 0).getDate();
  return new Date(date.getFullYear(), date.getMonth() + count, Math.min(date.getDate(), last)).getTime();
}

/** The weeks of a month from Sunday on; undefined stands for days of the months around it. */
export function weeksOf({ year, month }: Month): (number | undefined)[][] {
  const before = new Date(year, month, 1).getDay();
  const count = new Date(year, month + 1, 0).getDate();
  const weeks: (number | undefined)[][] = [];
  for (let first = 1 - before; first <= count; first += daysOfWeek) {
    weeks.push(
      Array.from({ length: daysOfWeek }, (_, i) => {
        const day = first + i;
        return day < 1 || day > count ? undefined : new Date(year, month, day).getTime();
      }),
    );
  }
  return weeks;
}
