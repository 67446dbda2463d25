import { describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { createSession } from '@/bridge/session';
import type { Conversation, Page, Update } from '@/bridge/types';
import { createConversation } from './conversation-model';
import { message, room, unsent } from './testdata';

function conversation(change: Partial<Conversation> = {}): Conversation {
  return {
    room: room('room'),
    messages: [message(5), message(6)],
    has_more: true,
    has_newer: false,
    first_seq: 5,
    last_seq: 6,
    target: 0,
    place: { seq: 0, offset: 0 },
    reads: { room_uuid: 'room', members: [], histogram: [], known: true },
    ...change,
  };
}

/** A core that answers what the test says. */
function setUp(calls: Partial<Bridge>) {
  let emit: (update: Update) => void = () => undefined;
  const bridge = {
    snapshot: () => Promise.resolve({ full: true }),
    openRoom: () => Promise.resolve(conversation()),
    onUpdate: (listener: (update: Update) => void) => {
      emit = listener;
      return () => undefined;
    },
    ...calls,
  } as Bridge;
  const session = createSession(bridge, () => 0);
  const model = createConversation(session, 'room');
  const keys = () => {
    const state = model.store.getState();
    return state.status === 'open' ? state.messages.map((one) => one.client_id) : state.status;
  };
  return { session, model, keys, emit: (update: Partial<Update>) => emit({ full: false, ...update }) };
}

const changed = (...messages: ReturnType<typeof message>[]) => ({
  messages: [{ room_uuid: 'room', changed: messages, removed: [], reset: false }],
});

describe('opening', () => {
  test('shows the newest page and marks what was read', async () => {
    const unread = conversation({ room: room('room', { unread_count: 1, last_read_seq: 5 }) });
    const { session, model, keys } = setUp({ openRoom: () => Promise.resolve(unread) });
    await session.start();
    model.start();
    await vi.waitFor(() => expect(keys()).toEqual(['c5', 'c6']));
    expect(model.store.getState()).toMatchObject({ readUpTo: 5, hasMore: true });
  });

  test('keeps what comes before the answer', async () => {
    let answer: (value: Conversation) => void = () => undefined;
    const { session, model, keys, emit } = setUp({ openRoom: () => new Promise((resolve) => (answer = resolve)) });
    await session.start();
    model.start();
    emit(changed(message(7)));
    answer(conversation());
    await vi.waitFor(() => expect(keys()).toEqual(['c5', 'c6', 'c7']));
  });

  test('says why it failed, and tries again', async () => {
    const openRoom = vi.fn<Bridge['openRoom']>();
    openRoom.mockRejectedValueOnce({ code: 'not_found', reason: '', message: '', request_id: 'r1', retry_ms: 0 });
    openRoom.mockResolvedValueOnce(conversation());
    const { session, model, keys } = setUp({ openRoom });
    await session.start();
    model.start();
    await vi.waitFor(() => expect(model.store.getState()).toMatchObject({ failure: { code: 'not_found' } }));
    await model.reload();
    expect(keys()).toEqual(['c5', 'c6']);
  });
});

describe('following', () => {
  async function opened(calls: Partial<Bridge> = {}) {
    const all = setUp(calls);
    await all.session.start();
    all.model.start();
    await vi.waitFor(() => expect(all.keys()).toEqual(['c5', 'c6']));
    return all;
  }

  test('takes changes of its own room only', async () => {
    const { keys, emit } = await opened();
    emit({ messages: [{ room_uuid: 'other', changed: [message(9)], removed: [], reset: false }] });
    emit(changed(unsent(1)));
    emit(changed(message(7, { client_id: 'u1' }), message(7, { client_id: 'u1' })));
    expect(keys()).toEqual(['c5', 'c6', 'u1']);
  });

  test('loads anew after a reset, and keeps its mark', async () => {
    const openRoom = vi.fn<Bridge['openRoom']>();
    openRoom.mockResolvedValueOnce(conversation({ room: room('room', { unread_count: 1, last_read_seq: 5 }) }));
    openRoom.mockResolvedValueOnce(conversation({ messages: [message(90)] }));
    const { model, keys, emit } = await opened({ openRoom });
    emit({ messages: [{ room_uuid: 'room', changed: [], removed: [], reset: true }] });
    emit(changed(message(91)));
    await vi.waitFor(() => expect(keys()).toEqual(['c90', 'c91']));
    expect(model.store.getState()).toMatchObject({ readUpTo: 5 });
  });

  test('asks for older ones once at a time', async () => {
    let answer: (page: Page) => void = () => undefined;
    const older = vi.fn<Bridge['older']>(() => new Promise((resolve) => (answer = resolve)));
    const { model, keys, emit } = await opened({ older });
    const first = model.loadOlder();
    await model.loadOlder();
    expect(older).toHaveBeenCalledExactlyOnceWith('room', 5);
    emit(changed(message(7)));
    answer({ messages: [message(3), message(4)], has_more: false, partial: false, first_seq: 3, last_seq: 4 });
    await first;
    expect(keys()).toEqual(['c3', 'c4', 'c5', 'c6', 'c7']);
    await model.loadOlder();
    expect(older).toHaveBeenCalledOnce();
  });

  test('what was missing offline may be asked for when the network is back', async () => {
    const older = () => Promise.resolve({ messages: [], has_more: true, partial: true, first_seq: 0, last_seq: 0 });
    const { session, model, emit } = await opened({ older });
    await model.loadOlder();
    expect(model.store.getState()).toMatchObject({ older: 'partial' });
    emit({ state: { ...session.mirror.getState().state, link: 'online' } });
    expect(model.store.getState()).toMatchObject({ older: 'idle' });
  });
});
