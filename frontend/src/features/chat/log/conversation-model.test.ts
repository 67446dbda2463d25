import { describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { createSession } from '@/bridge/session';
import type { Conversation, Page, Update } from '@/bridge/types';
import { message, room, unsent } from '@/features/chat/testdata';
import { createConversation } from './conversation-model';
import { liveStretch } from './message-list';

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
  const model = createConversation(session, 'room', () => 0);
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
  });

  test('drops a page that belongs to a stretch which is no longer held', async () => {
    let answer: (page: Page) => void = () => undefined;
    const older = vi.fn<Bridge['older']>(() => new Promise((resolve) => (answer = resolve)));
    const openRoom = vi.fn<Bridge['openRoom']>();
    openRoom.mockResolvedValueOnce(conversation());
    openRoom.mockResolvedValueOnce(far());
    const { model, keys } = await opened({ older, openRoom });
    const page = model.loadOlder();
    await model.jumpTo(50);
    answer({ messages: [message(4)], has_more: false, partial: false, first_seq: 4, last_seq: 4 });
    await page;
    expect(keys()).toEqual(['c50', 'c51']);
  });

  test('what was missing offline may be asked for when the network is back', async () => {
    const older = () => Promise.resolve({ messages: [], has_more: true, partial: true, first_seq: 0, last_seq: 0 });
    const { session, model, emit } = await opened({ older });
    await model.loadOlder();
    expect(model.store.getState()).toMatchObject({ older: 'partial' });
    emit({ state: { ...session.mirror.getState().state, link: 'online' } });
    expect(model.store.getState()).toMatchObject({ older: 'idle' });
  });

  test('who only sees what comes holds hundreds of messages and not thousands; who reads back keeps what he reads', async () => {
    const { model, keys, emit } = await opened({ setPlace: () => Promise.resolve() });
    model.look({ seq: 6, offset: 0 });
    for (let seq = 7; seq < 2 * liveStretch; seq++) emit(changed(message(seq)));
    expect(keys()[0]).toBe('c5');
    model.look({ seq: 0, offset: 0 });
    emit(changed(message(2 * liveStretch)));
    expect(keys()).toHaveLength(liveStretch);
    expect(model.store.getState()).toMatchObject({
      firstSeq: liveStretch + 1,
      lastSeq: 2 * liveStretch,
      hasMore: true,
    });
  });

  test('takes out what was deleted for me', async () => {
    const { keys, emit } = await opened();
    emit({ messages: [{ room_uuid: 'room', changed: [], removed: ['c5'], reset: false }] });
    expect(keys()).toEqual(['c6']);
  });
});

/** A stretch far from the end. */
function far(change: Partial<Conversation> = {}): Conversation {
  return conversation({
    room: room('room', { last_seq: 90 }),
    messages: [message(50), message(51)],
    first_seq: 50,
    last_seq: 51,
    has_newer: true,
    ...change,
  });
}

describe('going through the room', () => {
  async function opened(...answers: Conversation[]) {
    const openRoom = vi.fn<Bridge['openRoom']>();
    for (const answer of answers) openRoom.mockResolvedValueOnce(answer);
    const all = setUp({ openRoom, newer: newerPage, setPlace: async () => undefined });
    await all.session.start();
    const stop = all.model.start();
    await vi.waitFor(() => expect(all.keys()).not.toBe('loading'));
    const spot = () => {
      const state = all.model.store.getState();
      return state.status === 'open' ? state.showing.spot : state.status;
    };
    return { ...all, openRoom, spot, stop };
  }
  const newerPage: Bridge['newer'] = async () => ({
    messages: [message(52), message(53)],
    has_more: false,
    partial: false,
    first_seq: 52,
    last_seq: 53,
  });

  test.each([
    ['the end', conversation(), { at: 'end' }],
    ['what is unread', conversation({ room: room('room', { unread_count: 1, last_read_seq: 5 }) }), { at: 'unread' }],
    ['where one left it', conversation({ place: { seq: 5, offset: 7 } }), { at: 'place', seq: 5, offset: 7 }],
  ])('opens at %s', async (_, answer, wanted) => {
    const { spot } = await opened(answer);
    expect(spot()).toEqual(wanted);
  });

  test('a message that is held is shown without asking, each time anew', async () => {
    const { model, openRoom, spot } = await opened(conversation());
    await model.jumpTo(5);
    const first = model.store.getState();
    await model.jumpTo(5);
    expect(openRoom).toHaveBeenCalledOnce();
    expect(spot()).toEqual({ at: 'message', seq: 5 });
    expect(model.store.getState()).not.toEqual(first);
  });

  test('another one is loaded with what is around it', async () => {
    const { model, keys, openRoom, spot } = await opened(conversation(), far());
    await model.jumpTo(50);
    expect(openRoom).toHaveBeenLastCalledWith('room', 50);
    expect(keys()).toEqual(['c50', 'c51']);
    expect(spot()).toEqual({ at: 'message', seq: 50 });
  });

  test('what cannot be loaded changes nothing', async () => {
    const { model, keys, openRoom } = await opened(conversation());
    openRoom.mockRejectedValueOnce({ code: 'offline' });
    await expect(model.jumpTo(50)).rejects.toMatchObject({ code: 'offline' });
    expect(keys()).toEqual(['c5', 'c6']);
  });

  test('what comes live stays out of a detached stretch and is counted', async () => {
    const { model, keys, emit } = await opened(far());
    emit(changed(message(91), message(92, { mine: true }), message(93)));
    emit(changed(message(91)));
    expect(keys()).toEqual(['c50', 'c51']);
    expect(model.store.getState()).toMatchObject({ arrived: 2 });
  });

  test('the newer pages lead back to the end', async () => {
    const { model, keys, emit } = await opened(far({ room: room('room', { last_seq: 53 }) }));
    await model.loadNewer();
    emit(changed(message(54)));
    expect(keys()).toEqual(['c50', 'c51', 'c52', 'c53', 'c54']);
  });

  test('the end is opened anew from a detached stretch, and also when one writes', async () => {
    const end = conversation({ messages: [message(90), unsent(1)], first_seq: 90, last_seq: 90 });
    const { model, keys, emit, openRoom, spot } = await opened(far(), end, far(), end);
    await model.jumpToEnd();
    expect(openRoom).toHaveBeenLastCalledWith('room', 90);
    expect(spot()).toEqual({ at: 'end' });
    await model.jumpTo(50);
    emit(changed(unsent(1)));
    await vi.waitFor(() => expect(keys()).toEqual(['c90', 'u1']));
    expect(openRoom).toHaveBeenCalledTimes(4);
  });

  test('a reset opens the room anew where the reader is', async () => {
    const { model, emit, openRoom, spot } = await opened(conversation(), far());
    model.look({ seq: 51, offset: 12 });
    emit({ messages: [{ room_uuid: 'room', changed: [], removed: [], reset: true }] });
    await vi.waitFor(() => expect(spot()).toEqual({ at: 'place', seq: 51, offset: 12 }));
    expect(openRoom).toHaveBeenLastCalledWith('room', 51);
  });

  test('a date leads to the first message of it or after', async () => {
    const openRoomAt = vi.fn<Bridge['openRoomAt']>(async () => far());
    const all = setUp({ openRoomAt });
    await all.session.start();
    all.model.start();
    await vi.waitFor(() => expect(all.keys()).toEqual(['c5', 'c6']));
    expect(await all.model.jumpToDate(message(51).at)).toBe(message(51).at);
    expect(all.model.store.getState()).toMatchObject({ showing: { spot: { at: 'message', seq: 51 } } });
  });

  test('leaving keeps the place', async () => {
    const setPlace = vi.fn<Bridge['setPlace']>(async () => undefined);
    const all = setUp({ setPlace });
    await all.session.start();
    const stop = all.model.start();
    await vi.waitFor(() => expect(all.keys()).toEqual(['c5', 'c6']));
    all.model.look({ seq: 5, offset: 3 });
    stop();
    expect(setPlace).toHaveBeenCalledExactlyOnceWith('room', { seq: 5, offset: 3 });
  });
});

describe('coming back', () => {
  const left = { last_read_seq: 6, unread_count: 2, last_seq: 8 };
  const opened = async (state: Partial<Conversation['room']>, place = 0) => {
    const world = setUp({ openRoom: vi.fn<Bridge['openRoom']>(() => Promise.resolve(conversation())) });
    await world.session.start();
    world.model.start();
    await vi.waitFor(() => expect(world.keys()).toEqual(['c5', 'c6']));
    world.emit({ ...changed(message(7), message(8)), rooms: [room('room', state)] });
    if (place > 0) world.model.look({ seq: place, offset: 0 });
    return world;
  };
  const shown = (world: Awaited<ReturnType<typeof opened>>) => world.model.store.getState();

  test('who left at the end finds the first message that came meanwhile', async () => {
    const world = await opened(left);
    world.model.back();
    expect(shown(world)).toMatchObject({ readUpTo: 6, unreadAtOpen: 2, showing: { spot: { at: 'unread' } } });
  });

  test('nothing moves when nothing came, or for who was somewhere else', async () => {
    for (const world of [await opened({ ...left, unread_count: 0 }), await opened(left, 5)]) {
      const before = shown(world);
      world.model.back();
      expect(shown(world)).toBe(before);
    }
  });

  test('what is not held any more is loaded', async () => {
    const world = await opened({ ...left, last_read_seq: 2, unread_count: 6 });
    world.model.back();
    await vi.waitFor(() => expect(world.session.bridge.openRoom).toHaveBeenLastCalledWith('room', 0));
    expect(world.session.bridge.openRoom).toHaveBeenCalledTimes(2);
    await vi.waitFor(() => expect(shown(world)).toMatchObject({ readUpTo: 2, unreadAtOpen: 6 }));
  });
});
