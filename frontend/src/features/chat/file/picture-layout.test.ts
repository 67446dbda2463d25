import { expect, test } from 'vitest';
import { file } from '@/features/chat/testdata';
import { filesHeight, pictureBox, pictureGrid } from './picture-layout';

test.each([
  ['a small one keeps its size', [200, 150], [200, 150]],
  ['a photo', [1600, 1200], [320, 240]],
  ['a tall one', [1200, 1600], [300, 400]],
  ['a strip', [50_000, 10], [320, 72]],
  ['a tower', [10, 50_000], [112, 400]],
  ['a dot', [1, 1], [112, 72]],
] as const)('%s', (_, [width, height], [wide, high]) => {
  expect(pictureBox({ width, height })).toEqual({ width: wide, height: high });
});

test.each([
  [2, 2, 158],
  [3, 3, 104],
  [4, 2, 158],
  [9, 3, 104],
])('%d pictures stand in %d columns of %d pixels', (count, columns, side) => {
  expect(pictureGrid(count)).toEqual({ columns, side });
});

test.each([
  ['nothing', [], 0],
  ['one picture', [file('a.png')], 240],
  ['one document', [file('a.pdf')], 64],
  ['twenty pictures', Array.from({ length: 20 }, (_, i) => file(`${i}.png`)), 3 * 108 + 32],
  ['a picture without a known size is a card', [file('a.png', { width: 0, height: 0 })], 64],
])('the height of %s', (_, files, height) => {
  expect(filesHeight(files)).toBe(height);
});
