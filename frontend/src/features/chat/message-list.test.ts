import { describe, expect, test } from 'vitest';
import { random } from '@/bridge/fake/talk';
import type { Message } from '@/bridge/types';
import { applyChange, newestSeq, oldestSeq, prepend } from './message-list';
import { message, unsent } from './testdata';

function change(changed: Message[], removed: string[] = []) {
  return { room_uuid: 'room', changed, removed, reset: false };
}

const keys = (messages: readonly Message[]) => messages.map((one) => one.client_id);

describe('applyChange', () => {
  test('a message that comes twice stands once', () => {
    const once = applyChange([message(1)], change([message(2)]), false);
    const twice = applyChange(once, change([message(2)]), false);
    expect(keys(twice)).toEqual(['c1', 'c2']);
  });

  test('an unsent message keeps its place at the end and its key when it is sent', () => {
    const held = applyChange([message(1)], change([unsent(1), unsent(2)]), false);
    const others = applyChange(held, change([message(2)]), false);
    expect(keys(others)).toEqual(['c1', 'c2', 'u1', 'u2']);
    const sent = applyChange(others, change([message(3, { client_id: 'u1', mine: true })]), false);
    expect(keys(sent)).toEqual(['c1', 'c2', 'u1', 'u2']);
    expect(sent[2]?.seq).toBe(3);
  });

  test('what comes late does not undo what is newer', () => {
    const sent = message(3, { client_id: 'u1', rev: 4, deleted_at: 1, text: '' });
    expect(applyChange([sent], change([unsent(1)]), false)[0]).toBe(sent);
    expect(applyChange([sent], change([message(3, { client_id: 'u1', rev: 3 })]), false)[0]).toBe(sent);
  });

  test('a tombstone replaces the text', () => {
    const [gone] = applyChange([message(1)], change([message(1, { rev: 9, deleted_at: 5, text: '' })]), false);
    expect(gone).toMatchObject({ text: '', deleted_at: 5 });
  });

  test('a discarded message goes', () => {
    expect(keys(applyChange([message(1), unsent(1)], change([], ['u1']), false))).toEqual(['c1']);
  });

  test('a change before the first page waits for its page', () => {
    expect(keys(applyChange([message(5)], change([message(2, { rev: 9 })]), true))).toEqual(['c5']);
    expect(keys(applyChange([message(5)], change([message(2, { rev: 9 })]), false))).toEqual(['c2', 'c5']);
  });

  test('any order of events gives one result', () => {
    const roll = random(3);
    const events = Array.from({ length: 40 }, (_, i) => message((i % 20) + 1, { rev: i < 20 ? i + 1 : i + 21 }));
    const wanted = applyChange([], change(events), false);
    for (let round = 0; round < 50; round++) {
      const shuffled = events.toSorted(() => roll() - 0.5);
      const got = shuffled.reduce<Message[]>((held, one) => applyChange(held, change([one]), false), []);
      expect(got).toEqual(wanted);
    }
  });
});

test('an older page comes before; what overlaps stands once', () => {
  const held = [message(4), message(5), unsent(1)];
  expect(keys(prepend(held, [message(2), message(3), message(4)]))).toEqual(['c2', 'c3', 'c4', 'c5', 'u1']);
});

test('oldest and newest know only what was sent', () => {
  const held = [message(4), message(5), unsent(1)];
  expect([oldestSeq(held), newestSeq(held)]).toEqual([4, 5]);
  expect([oldestSeq([unsent(1)]), newestSeq([unsent(1)])]).toEqual([0, 0]);
});
