import { describe, expect, test } from 'vitest';
import { addDays, addMonths, dayOf, monthOf, weeksOf } from './calendar';

const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime();

test('a day begins at midnight', () => {
  expect(dayOf(new Date(2026, 10, 22, 23, 59).getTime())).toBe(day(2026, 11, 22));
  expect(monthOf(day(2026, 11, 22))).toEqual({ year: 2026, month: 10 });
});

test.each([
  ['the next day', addDays(day(2026, 11, 22), 1), day(2026, 11, 23)],
  ['over the end of a year', addDays(day(2026, 12, 31), 1), day(2027, 1, 1)],
  ['back', addDays(day(2026, 3, 1), -1), day(2026, 2, 28)],
  ['a month on', addMonths(day(2026, 11, 22), 1), day(2026, 12, 22)],
  ['to a shorter month', addMonths(day(2026, 1, 31), 1), day(2026, 2, 28)],
  ['back over a year', addMonths(day(2026, 1, 15), -1), day(2025, 12, 15)],
])('%s', (_, found, wanted) => {
  expect(found).toBe(wanted);
});

describe('weeks', () => {
  test('a month that begins on a Sunday and fills four weeks', () => {
    const weeks = weeksOf({ year: 2026, month: 1 });
    expect(weeks).toHaveLength(4);
    expect(weeks[0]?.[0]).toBe(day(2026, 2, 1));
    expect(weeks[3]?.[6]).toBe(day(2026, 2, 28));
  });

  test('what is not of the month is left out', () => {
    const weeks = weeksOf({ year: 2026, month: 7 });
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.filter((one) => one !== undefined)).toEqual([day(2026, 8, 1)]);
    expect(weeks[5]?.filter((one) => one !== undefined)).toEqual([day(2026, 8, 30), day(2026, 8, 31)]);
  });
});
