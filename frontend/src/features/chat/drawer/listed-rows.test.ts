import { expect, test } from 'vitest';
import { file } from '@/features/chat/testdata';
import { fileRows } from './listed-rows';

const one = (seq: number, month: number) => ({
  file: file(`${seq}.png`),
  message_id: seq,
  seq,
  sender_uuid: 'kim',
  at: new Date(2026, month - 1, 15).getTime(),
});

test('photos stand in threes beneath their months', () => {
  const rows = fileRows('photo', [one(5, 11), one(4, 11), one(3, 11), one(2, 11), one(1, 10)]);
  expect(rows.map((row) => (row.kind === 'photos' ? row.photos.map(({ seq }) => seq) : row.kind))).toEqual([
    'month',
    [5, 4, 3],
    [2],
    'month',
    [1],
  ]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});

test('files stand one to a row', () => {
  expect(fileRows('other', [one(2, 11), one(1, 10)]).map(({ kind }) => kind)).toEqual(['file', 'file']);
});
