import { describe, expect, test, vi } from 'vitest';
import type { Session } from '@/bridge/session';
import type { Message, Update } from '@/bridge/types';
import { message } from '@/features/chat/testdata';
import { createQuotes } from './quotes';

function setUp(held: readonly Message[]) {
  let messages = held;
  let listener: ((update: Update) => void) | undefined;
  const ask = vi.fn<(room: string, seqs: number[]) => Promise<Message[]>>(async (_, seqs) =>
    messages.filter((one) => seqs.includes(one.seq)),
  );
  const session = {
    bridge: { messages: ask },
    onUpdate: (take: (update: Update) => void) => {
      listener = take;
      return () => {
        listener = undefined;
      };
    },
  } as unknown as Session;
  const quotes = createQuotes(session, 'room');
  // All that is promised has come when the next task begins.
  const settled = () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return {
    quotes,
    ask,
    settled,
    hold: (next: readonly Message[]) => {
      messages = next;
    },
    tell: (update: Partial<Update>) => listener?.({ full: false, ...update }),
    follows: () => listener !== undefined,
    kind: (seq: number) => quotes.store.getState().get(seq)?.kind,
    text: (seq: number) => {
      const quote = quotes.store.getState().get(seq);
      return quote?.kind === 'found' ? quote.message.text : undefined;
    },
  };
}

const change = (changed: Message[], removed: string[] = []) => ({
  messages: [{ room_uuid: 'room', changed, removed, reset: false }],
});

describe('quotes', () => {
  test('of one moment are one call; what nobody has is missing', async () => {
    const { quotes, ask, settled, kind } = setUp([message(1)]);
    quotes.want([1]);
    quotes.want([2, 1]);
    expect(kind(1)).toBe('loading');
    await settled();
    expect(ask.mock.calls).toEqual([['room', [1, 2]]]);
    expect([kind(1), kind(2)]).toEqual(['found', 'missing']);
  });

  test('that are loaded are not asked for, at whichever moment', async () => {
    const { quotes, ask, settled, kind } = setUp([]);
    quotes.want([1]);
    quotes.offer([message(1), message(2)]);
    quotes.want([2]);
    await settled();
    expect(ask).not.toHaveBeenCalled();
    expect([kind(1), kind(2)]).toEqual(['found', 'found']);
  });

  test('follow an edit and a delete; an older answer changes nothing', async () => {
    const { quotes, settled, tell, text } = setUp([message(1, { rev: 1, text: 'old' })]);
    quotes.want([1]);
    tell(change([message(1, { rev: 9, text: 'new' })]));
    await settled();
    expect(text(1)).toBe('new');
    tell(change([message(1, { rev: 10, text: '', deleted_at: 5 })]));
    expect(text(1)).toBe('');
  });

  test('of a message that I deleted for myself are missing', async () => {
    const { quotes, settled, hold, tell, kind } = setUp([message(1)]);
    quotes.want([1]);
    await settled();
    hold([]);
    tell(change([], ['c1']));
    await settled();
    expect(kind(1)).toBe('missing');
  });

  test('that could not be had are asked for again when the network is back', async () => {
    const { quotes, ask, settled, hold, tell, kind } = setUp([]);
    ask.mockRejectedValueOnce(new Error('offline'));
    quotes.want([1]);
    await settled();
    expect(kind(1)).toBe('missing');
    hold([message(1)]);
    tell({ state: { link: 'online' } as Update['state'] & object });
    await settled();
    expect(kind(1)).toBe('found');
  });

  test('are forgotten when the last one lets go', async () => {
    const { quotes, settled, follows, kind } = setUp([message(1)]);
    const one = quotes.want([1]);
    const two = quotes.want([1]);
    await settled();
    one();
    expect(kind(1)).toBe('found');
    two();
    expect(kind(1)).toBeUndefined();
    expect(follows()).toBe(false);
  });

  test('more than a hundred go in several calls', async () => {
    const { quotes, ask, settled } = setUp([]);
    quotes.want(Array.from({ length: 150 }, (_, i) => i + 1));
    await settled();
    expect(ask.mock.calls.map(([, seqs]) => seqs.length)).toEqual([100, 50]);
  });
});
