import { describe, expect, test } from 'vitest';
import { random } from '@/bridge/fake/talk';
import type { Message, Page } from '@/bridge/types';
import { message, unsent } from '@/features/chat/testdata';
import { applyChange, longestStretch, withNewer, withOlder, type Stretch } from './message-list';

function change(changed: Message[], removed: string[] = []) {
  return { room_uuid: 'room', changed, removed, reset: false };
}

/** A stretch of messages: the whole room, if nothing else is said. */
function stretch(messages: Message[], rest: Partial<Stretch> = {}): Stretch {
  const sent = messages.filter((one) => one.seq > 0);
  const [firstSeq = 0, lastSeq = 0] = [sent[0]?.seq, sent.at(-1)?.seq];
  return { messages, firstSeq, lastSeq, hasMore: false, hasNewer: false, ...rest };
}

function page(messages: Message[], rest: Partial<Page> = {}): Page {
  const [first_seq = 0, last_seq = 0] = [messages[0]?.seq, messages.at(-1)?.seq];
  return { messages, first_seq, last_seq, has_more: false, partial: false, ...rest };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
const keys = ({ messages }: Stretch) => messages.map((one) => one.client_id);

describe('a change', () => {
  test('a message that comes twice stands once', () => {
    const once = applyChange(stretch([message(1)]), change([message(2)]));
    const twice = applyChange(once, change([message(2)]));
    expect(keys(twice)).toEqual(['c1', 'c2']);
    expect(twice.lastSeq).toBe(2);
  });

  test('an unsent message keeps its place at the end and its key when it is sent', () => {
    const held = applyChange(stretch([message(1)]), change([unsent(1), unsent(2)]));
    const others = applyChange(held, change([message(2)]));
    expect(keys(others)).toEqual(['c1', 'c2', 'u1', 'u2']);
    const sent = applyChange(others, change([message(3, { client_id: 'u1', mine: true })]));
    expect(keys(sent)).toEqual(['c1', 'c2', 'u1', 'u2']);
    expect(sent.messages[2]?.seq).toBe(3);
  });

  test('what comes late does not undo what is newer', () => {
    const sent = message(3, { client_id: 'u1', rev: 4, deleted_at: 1, text: '' });
    expect(applyChange(stretch([sent]), change([unsent(1)])).messages[0]).toBe(sent);
    expect(applyChange(stretch([sent]), change([message(3, { client_id: 'u1', rev: 3 })])).messages[0]).toBe(sent);
  });

  test('a tombstone replaces the text', () => {
    const gone = message(1, { rev: 9, deleted_at: 5, text: '' });
    expect(applyChange(stretch([message(1)]), change([gone])).messages).toEqual([gone]);
  });

  test('what was discarded or deleted for me goes, and the stretch stays as long', () => {
    const held = applyChange(stretch([message(1), message(2), unsent(1)]), change([], ['u1', 'c2']));
    expect(keys(held)).toEqual(['c1']);
    expect(held.lastSeq).toBe(2);
  });

  test('a change before or after the stretch waits for its page', () => {
    const old = change([message(2, { rev: 9 })]);
    expect(keys(applyChange(stretch([message(5)], { hasMore: true }), old))).toEqual(['c5']);
    expect(keys(applyChange(stretch([message(5)]), old))).toEqual(['c2', 'c5']);
    const detached = stretch([message(5)], { hasNewer: true });
    expect(keys(applyChange(detached, change([message(6), unsent(1)])))).toEqual(['c5']);
  });

  test('a change within a detached stretch is taken', () => {
    const detached = stretch([message(4), message(5)], { hasMore: true, hasNewer: true });
    const edited = message(4, { rev: 99, text: 'edited' });
    expect(applyChange(detached, change([edited])).messages[0]).toBe(edited);
  });

  test('any order of events gives one result', () => {
    const roll = random(3);
    const events = Array.from({ length: 40 }, (_, i) => message((i % 20) + 1, { rev: i < 20 ? i + 1 : i + 21 }));
    const wanted = applyChange(stretch([]), change(events)).messages;
    for (let round = 0; round < 50; round++) {
      const shuffled = events.toSorted(() => roll() - 0.5);
      const got = shuffled.reduce<Stretch>((held, one) => applyChange(held, change([one])), stretch([]));
      expect(got.messages).toEqual(wanted);
    }
  });
});

describe('a page', () => {
  test('of older ones comes before; what overlaps stands once', () => {
    const held = stretch([message(4), message(5), unsent(1)], { hasMore: true });
    const longer = withOlder(held, page([message(2), message(3), message(4)], { has_more: true }));
    expect(keys(longer)).toEqual(['c2', 'c3', 'c4', 'c5', 'u1']);
    expect(longer).toMatchObject({ firstSeq: 2, hasMore: true });
  });

  test('counts what was looked at, also where all of it is deleted for me', () => {
    const held = stretch([message(9)], { hasMore: true });
    const longer = withOlder(held, page([], { first_seq: 3, last_seq: 8, has_more: true }));
    expect(longer.firstSeq).toBe(3);
    expect(withOlder(longer, page([])).firstSeq).toBe(3);
  });

  test('of newer ones comes after, and may reach the end', () => {
    const held = stretch([message(4)], { hasNewer: true });
    const longer = withNewer(held, page([message(5), message(6)]), 6);
    expect(keys(longer)).toEqual(['c4', 'c5', 'c6']);
    expect(longer).toMatchObject({ lastSeq: 6, hasNewer: false });
  });

  test('is not the end when something came live meanwhile', () => {
    const held = stretch([message(4)], { hasNewer: true });
    const longer = withNewer(held, page([message(5), unsent(1)], { last_seq: 5 }), 7);
    expect(longer.hasNewer).toBe(true);
    expect(keys(longer)).toEqual(['c4', 'c5']);
  });
});

describe('a long stretch', () => {
  test('lets go of its newest when older ones come, and is detached then', () => {
    const held = stretch([...range(101, 100 + longestStretch), unsent(1)], { hasMore: true });
    const longer = withOlder(held, page(range(51, 100), { has_more: true }));
    expect(longer.messages).toHaveLength(longestStretch);
    expect(longer).toMatchObject({ firstSeq: 51, lastSeq: 50 + longestStretch, hasNewer: true });
  });

  test('lets go of its oldest when newer ones come or are written', () => {
    const held = stretch(range(1, longestStretch), { hasNewer: true });
    const longer = withNewer(held, page(range(longestStretch + 1, longestStretch + 50)), 0);
    expect(longer.messages).toHaveLength(longestStretch);
    expect(longer).toMatchObject({ firstSeq: 51, hasMore: true, hasNewer: false });
    const live = applyChange(longer, change([message(longestStretch + 51)]));
    expect(live).toMatchObject({ firstSeq: 52, hasMore: true });
  });
});
