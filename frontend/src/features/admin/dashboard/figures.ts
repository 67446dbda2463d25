/** Makes days and hours of the reader's own zone of figures that are counted by hours since 1970. */

const hour = 3_600_000;

/** One bar or point: when it begins, and how many. */
export interface Point {
  at: number;
  value: number;
}

/** When the day of an instant began, by the reader's clock; days before it by back. */
export function dayStart(at: number, back = 0): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - back).getTime();
}

/** The figures from from on and before to, in all. */
export function sumBetween(pairs: readonly number[][], from: number, to: number): number {
  let sum = 0;
  for (const [at = 0, value = 0] of pairs) if (at * hour >= from && at * hour < to) sum += value;
  return sum;
}

/** The hours of the day of now, 0 to 23. */
export function hoursOfDay(pairs: readonly number[][], now: number): Point[] {
  const start = dayStart(now);
  return Array.from({ length: 24 }, (_, index) => {
    const at = start + index * hour;
    return { at, value: sumBetween(pairs, at, at + hour) };
  });
}

/** The last days, today the last of them. */
export function lastDays(pairs: readonly number[][], now: number, days: number): Point[] {
  return Array.from({ length: days }, (_, index) => {
    const back = days - 1 - index;
    const at = dayStart(now, back);
    return { at, value: sumBetween(pairs, at, dayStart(now, back - 1)) };
  });
}

/** How today so far stands to the same hours a week ago, in per cent; undefined when there were none. */
export function againstLastWeek(pairs: readonly number[][], now: number): number | undefined {
  const start = dayStart(now, 7);
  const before = sumBetween(pairs, start, start + (now - dayStart(now)));
  if (before === 0) return undefined;
  return Math.round((sumBetween(pairs, dayStart(now), now) / before - 1) * 100);
}

/** The next round number that holds all values: where the axis ends. */
export function axisEnd(values: readonly number[]): number {
  const most = Math.max(4, ...values);
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 5, 8, 10].find((factor) => factor * power >= most) ?? 10;
  return step * power;
}
