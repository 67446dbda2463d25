import { act, renderHook } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { message, unsent } from '@/features/chat/testdata';
import {
  asText,
  chooseUpTo,
  endSelection,
  inOrder,
  keepChosen,
  maxChosen,
  startSelection,
  toggleChosen,
  useSelection,
} from './selection';

const loaded = Array.from({ length: 10 }, (_, i) => message(i + 1));
const at = (seq: number) => loaded[seq - 1] ?? message(seq);
beforeEach(() => act(endSelection));

function chosen() {
  const { result } = renderHook(() => useSelection('room'));
  return result.current && inOrder(result.current).map((one) => one.seq);
}

test('nothing is being chosen at first, and not in other rooms', () => {
  expect(chosen()).toBeUndefined();
  startSelection(message(1, { room_uuid: 'other' }));
  expect(chosen()).toBeUndefined();
});

test('one by one', () => {
  startSelection(at(3));
  toggleChosen(at(7));
  toggleChosen(at(1));
  toggleChosen(at(3));
  expect(chosen()).toEqual([1, 7]);
});

test.each([
  [4, 7, [4, 5, 7]],
  [7, 4, [4, 5, 7]],
])('a range from %d to %d has what can be chosen', (from, to, wanted) => {
  const held = loaded.map((one) => (one.seq === 6 ? message(6, { deleted_at: 1 }) : one));
  startSelection(at(from));
  chooseUpTo(at(to), [...held, unsent(1)]);
  expect(chosen()).toEqual(wanted);
});

test('no more than the core takes', () => {
  const many = Array.from({ length: maxChosen + 20 }, (_, i) => message(i + 1));
  startSelection(message(1));
  chooseUpTo(message(many.length), many);
  expect(chosen()).toHaveLength(maxChosen);
});

test('what is deleted meanwhile is let go', () => {
  startSelection(at(3));
  toggleChosen(at(4));
  keepChosen(loaded.map((one) => (one.seq === 3 ? message(3, { deleted_at: 9 }) : one)));
  expect(chosen()).toEqual([4]);
});

test('as text: name, time and words', () => {
  expect(
    asText(
      [at(1), message(2, { text: '둘째\n줄' })],
      (one) => one.sender_uuid,
      (time) => String(time > 0),
    ),
  ).toBe('[kim] [true] message 1\n[kim] [true] 둘째\n줄');
});
