import { expect, test } from 'vitest';
import { againstLastWeek, axisEnd, dayStart, hoursOfDay, lastDays, sumBetween } from './figures';

const hour = 3_600_000;
const now = new Date(2026, 10, 26, 14, 30).getTime();
const pair = (at: number, value: number) => [Math.floor(at / hour), value];

test('hours and days are the reader’s', () => {
  const today = dayStart(now);
  const pairs = [pair(today, 2), pair(today + 14 * hour, 5), pair(dayStart(now, 1) + 23 * hour, 7)];
  expect(hoursOfDay(pairs, now).map(({ value }) => value)).toEqual(
    Array.from({ length: 24 }, (_, index) => ({ 0: 2, 14: 5 })[index] ?? 0),
  );
  expect(lastDays(pairs, now, 3).map(({ value }) => value)).toEqual([0, 7, 7]);
  expect(sumBetween(pairs, today, now)).toBe(7);
});

test('today is compared with the same hours a week ago', () => {
  const week = dayStart(now, 7);
  expect(againstLastWeek([pair(dayStart(now), 6), pair(week, 4), pair(week + 20 * hour, 90)], now)).toBe(50);
  expect(againstLastWeek([pair(dayStart(now), 6)], now)).toBeUndefined();
});

test.each([
  [[], 4],
  [[3], 4],
  [[9], 10],
  [[1320], 2000],
  [[431], 500],
])('the axis of %j ends at %d', (values, end) => {
  expect(axisEnd(values)).toBe(end);
});
