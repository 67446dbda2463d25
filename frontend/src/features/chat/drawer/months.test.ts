import { expect, test } from 'vitest';
import { file } from '@/features/chat/testdata';
import { months } from './months';

const photo = (seq: number, year: number, month: number) => ({
  file: file(`${seq}.png`),
  message_id: seq,
  seq,
  sender_uuid: 'kim',
  at: new Date(year, month - 1, 15).getTime(),
});

test.each([
  ['none', [], []],
  ['one month', [photo(2, 2026, 11), photo(1, 2026, 11)], [[2, 1]]],
  ['two months', [photo(3, 2026, 11), photo(2, 2026, 10), photo(1, 2026, 10)], [[3], [2, 1]]],
  ['the same month of two years', [photo(2, 2026, 11), photo(1, 2025, 11)], [[2], [1]]],
])('%s', (_, photos, wanted) => {
  expect(months(photos).map((one) => one.photos.map(({ seq }) => seq))).toEqual(wanted);
});
