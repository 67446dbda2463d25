import { expect, test } from 'vitest';
import { fitScale, fitted, moved, scaleOf, toggled, turned, zoomed } from './viewer-view';

const sizes = { picture: { width: 2_000, height: 1_000 }, window: { width: 1_000, height: 1_000 } };

test.each([
  ['a wide one', 0, 0.5],
  ['a wide one, turned', 1, 0.5],
  ['a small one is not made larger', 0, 1],
])('%s fits', (name, turns, scale) => {
  const picture = name.includes('small') ? { width: 10, height: 10 } : sizes.picture;
  expect(fitScale({ ...sizes, picture }, turns)).toBe(scale);
});

test('zooming keeps the point under the pointer', () => {
  const at = { x: 200, y: 0 };
  const view = zoomed(fitted, sizes, 1, at);
  expect(scaleOf(view, sizes)).toBeCloseTo(0.625);
  expect((at.x - view.x) / 0.625).toBeCloseTo(at.x / 0.5);
});

test('zooming has ends', () => {
  let view = fitted;
  for (let i = 0; i < 50; i++) view = zoomed(view, sizes, 1);
  expect(view.scale).toBe(8);
  for (let i = 0; i < 90; i++) view = zoomed(view, sizes, -1);
  expect(view.scale).toBe(0.1);
});

test('a picture stays in the window', () => {
  const near = moved({ ...fitted, scale: 1 }, sizes, 9_999, 9_999);
  expect([near.x, near.y]).toEqual([500, 0]);
  expect(moved(fitted, sizes, 50, 50)).toEqual(fitted);
});

test('four turns lead back, and a double press goes there and back', () => {
  expect(turned(turned(turned(turned(fitted))))).toEqual(fitted);
  const actual = toggled(fitted, sizes);
  expect(actual.scale).toBe(1);
  expect(toggled(actual, sizes).scale).toBe(0);
});
