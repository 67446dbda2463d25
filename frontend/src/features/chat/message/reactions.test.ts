import { describe, expect, test } from 'vitest';
import { message } from '@/features/chat/testdata';
import { expected, quickEmoji, type PendingReaction } from './reactions';

const thumb = (users: string[]) => ({ emoji: '👍', user_uuids: users, mine: users.includes('me') });
const press = (change: Partial<PendingReaction>): PendingReaction => ({
  emoji: '👍',
  on: true,
  rev: 3,
  taken: false,
  ...change,
});

describe('shows what was pressed', () => {
  test.each([
    ['a new one', [], press({}), [thumb(['me'])]],
    ['one that others have', [thumb(['kim'])], press({}), [thumb(['kim', 'me'])]],
    ['one taken off', [thumb(['kim', 'me'])], press({ on: false }), [thumb(['kim'])]],
    ['the last taken off', [thumb(['me'])], press({ on: false }), []],
    ['one that the message shows already', [thumb(['me'])], press({}), [thumb(['me'])]],
    ['one that is taken, until the message says so', [], press({ taken: true }), [thumb(['me'])]],
    ['what the message says, once it has changed', [], press({ taken: true, rev: 2 }), []],
  ])('%s', (_, reactions, pending, wanted) => {
    expect(expected(message(3, { reactions }), [pending], 'me')).toEqual(wanted);
  });
});

test('the six at hand are those used last, then the usual ones, each once', () => {
  expect(quickEmoji([])).toEqual(['👍', '❤️', '😂', '👏', '🙏', '✅']);
  expect(quickEmoji(['🎉', '👍', '🔥', '🌊'])).toEqual(['🎉', '👍', '🔥', '❤️', '😂', '👏']);
});
