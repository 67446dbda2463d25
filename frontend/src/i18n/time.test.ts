import { expect, test } from 'vitest';
import { clockTime, fullDay, fullTime, listTime, monthName, weekdayNames } from './time';

const now = new Date(2026, 10, 22, 15, 0).getTime();

test.each([
  [new Date(2026, 10, 22, 14, 41), '오후 2:41', '2:41 PM'],
  [new Date(2026, 10, 22, 0, 5), '오전 12:05', '12:05 AM'],
  [new Date(2026, 10, 21, 23, 59), '어제', '어제'],
  [new Date(2026, 10, 20, 9, 0), '11월 20일', 'Nov 20'],
  [new Date(2025, 10, 22, 15, 0), '2025. 11. 22.', '11/22/2025'],
])('%s', (at, korean, english) => {
  expect(listTime('ko', at.getTime(), now, '어제')).toBe(korean);
  expect(listTime('en', at.getTime(), now, '어제')).toBe(english);
});

test('no message has no time', () => {
  expect(listTime('ko', 0, now, '어제')).toBe('');
});

test('days and times are written as each language writes them', () => {
  const at = new Date(2026, 10, 26, 12, 5).getTime();
  expect([fullDay('ko', at), fullDay('en', at)]).toEqual(['2026년 11월 26일 목요일', 'Thursday, November 26, 2026']);
  expect([monthName('ko', at), monthName('en', at)]).toEqual(['2026년 11월', 'November 2026']);
  expect([clockTime('ko', at), clockTime('en', at)]).toEqual(['오후 12:05', '12:05 PM']);
  expect([fullTime('ko', at), fullTime('en', at)]).toEqual([
    '2026년 11월 26일 오후 12:05',
    'November 26, 2026 12:05 PM',
  ]);
  expect(weekdayNames('ko').join('')).toBe('일월화수목금토');
  expect(weekdayNames('en')[4]).toBe('Thu');
});
