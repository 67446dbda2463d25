import { describe, expect, test } from 'vitest';
import data from './emoji-data.json';
import { emojiRows, firstSpot, move, recentGroup, withRecent, type EmojiRow } from './emoji-rows';

const options = { query: '', recent: [], tone: 0, language: 'ko' };
const emojiOf = (rows: readonly EmojiRow[]) =>
  rows.flatMap((row) => (row.kind === 'emoji' ? row.choices.map(({ emoji }) => emoji) : []));

describe('what is shown', () => {
  test('every emoji once, by group', () => {
    const all = emojiOf(emojiRows(data, options));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(1_700);
    expect(all).toContain('👍');
  });

  test('recent ones come first, in the form in which they were used', () => {
    const rows = emojiRows(data, { ...options, recent: ['👍🏽', '🎉', 'gone'] });
    expect(rows[0]).toEqual({ kind: 'head', group: recentGroup });
    expect(emojiOf(rows.slice(0, 2))).toEqual(['👍🏽', '🎉']);
  });

  test.each([
    ['축하', '🎉'],
    ['고양이', '🐱'],
    ['thumbs up', '👍'],
    ['HEART', '❤️'],
    ['👍', '👍'],
  ])('%s finds %s', (query, wanted) => {
    expect(emojiOf(emojiRows(data, { ...options, query }))).toContain(wanted);
  });

  test('nothing found is no row', () => {
    expect(emojiRows(data, { ...options, query: 'qqqq' })).toEqual([]);
  });

  test('the skin tone changes people and nothing else', () => {
    const all = emojiOf(emojiRows(data, { ...options, tone: 3 }));
    expect(all).toContain('👍🏽');
    expect(all).not.toContain('👍');
    expect(all).toContain('🐱');
  });
});

describe('arrows', () => {
  const rows = emojiRows(data, { ...options, recent: ['🎉', '👍'] });
  test('go on to the next section and back', () => {
    const first = firstSpot(rows);
    expect(first).toEqual({ row: 1, column: 0 });
    const second = move(rows, first, 'ArrowRight');
    expect(second).toEqual({ row: 1, column: 1 });
    const next = move(rows, second, 'ArrowRight');
    expect(next).toEqual({ row: 3, column: 0 });
    expect(move(rows, next, 'ArrowLeft')).toEqual(second);
    expect(move(rows, { row: 3, column: 8 }, 'ArrowUp')).toEqual({ row: 1, column: 1 });
    expect(move(rows, second, 'ArrowDown')).toEqual({ row: 3, column: 1 });
  });

  test('stay at the edges', () => {
    expect(move(rows, { row: 1, column: 0 }, 'ArrowUp')).toEqual({ row: 1, column: 0 });
    const last = { row: rows.length - 1, column: 0 };
    expect(move(rows, last, 'ArrowDown')).toEqual(last);
  });
});

test('what is used again moves to the front, and the list stays short', () => {
  expect(withRecent(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c']);
  expect(
    withRecent(
      Array.from({ length: 32 }, (_, i) => String(i)),
      'x',
    ),
  ).toHaveLength(32);
});
