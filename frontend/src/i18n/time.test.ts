import { expect, test } from 'vitest';
import { listTime } from './time';

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
