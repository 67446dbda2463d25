import { createStore, type StoreApi } from 'zustand/vanilla';
import { asFailure } from '@/bridge/failure';
import type { Session } from '@/bridge/session';
import type { Conversation, Failure, Message, MessageChange, Page, Place, Reads, Update } from '@/bridge/types';
import { applyChange, live, withNewer, withOlder, type Stretch } from './message-list';
import { createPlaceKeeper, type PlaceKeeper } from './place';

/** Where the loading of what lies before or after the stretch stands. */
export type Edge = 'idle' | 'loading' | 'failed' | 'partial';

/** What the view shows: the end, the first unread message, one message, or where the reader was. */
export type Spot =
  { at: 'end' } | { at: 'unread' } | { at: 'message'; seq: number } | { at: 'place'; seq: number; offset: number };

/** A spot to go to, once for each id: the same one may be asked for again. */
export interface Showing {
  id: number;
  spot: Spot;
}

/** A conversation that can be read: a stretch of it, and where in it the reader should be. */
export interface OpenConversation extends Stretch {
  status: 'open';
  older: Edge;
  newer: Edge;
  reads: Reads;
  /** The last seq that was read when the room was opened, for the mark; 0 when nothing was unread. */
  readUpTo: number;
  /** How many were unread then. */
  unreadAtOpen: number;
  showing: Showing;
  /** How many messages of others came since the room was opened, also those that are not in the stretch. */
  arrived: number;
}

/** A conversation as the page holds it. */
export type ConversationState = { status: 'loading' } | { status: 'failed'; failure: Failure } | OpenConversation;

/** The open room: loads it, follows it, and goes where the reader wants. */
export interface ConversationModel {
  store: StoreApi<ConversationState>;
  /** Loads the room and follows its changes until the returned function is called. Starting again is allowed. */
  start: () => () => void;
  /** Opens it again after a failure. */
  reload: () => Promise<void>;
  /** Load the page before or after what is held. One request at a time; more calls do nothing. */
  loadOlder: () => Promise<void>;
  loadNewer: () => Promise<void>;
  /** Show a message, also one that is not held; what can't be loaded rejects with a Failure and changes nothing. */
  jumpTo: (seq: number) => Promise<void>;
  /** Shows the first message of an instant or after it, and returns when that was written; 0 for an empty room. */
  jumpToDate: (at: number) => Promise<number>;
  jumpToEnd: () => Promise<void>;
  /** Says where the reader is: kept for the next time, and for when the room has to be loaded anew. */
  look: (place: Place) => void;
  /** Somebody looks again. Who left at the end finds the first message that came meanwhile, not the last ones. */
  back: () => void;
}

/** How a room is opened: where to look for it, and what to show of it. */
interface Opening {
  load: () => Promise<Conversation>;
  spot: (opened: Conversation) => Spot;
}

/** A page that is loaded at one side: how to ask for it, and how it comes into the stretch. */
interface PageLoad {
  side: 'older' | 'newer';
  ask: (held: Stretch) => Promise<Page>;
  join: (held: Stretch, page: Page) => Stretch;
}

const atEnd: Place = { seq: 0, offset: 0 };

/** The last saving of a place, of any room of a session. */
const saves = new WeakMap<Session, Promise<void>>();

/** Makes the model of one room. `now` is the clock, in milliseconds. */
export function createConversation(session: Session, roomUuid: string, now: () => number): ConversationModel {
  const store = createStore<ConversationState>(() => ({ status: 'loading' }));
  const { bridge } = session;
  const madeAt = now();
  let early: Update[] = []; // updates that came while the room was being opened
  let openings = 0;
  let opening = 0; // the number of the opening under way, 0 for none; the answer to an older one is dropped
  let stretches = 0; // how many were opened; a page for an older one is dropped
  let showings = 0;
  let newest = 0; // the highest seq that is known of the room
  let arrived = 0;
  const written = new Set<string>(); // own messages that were followed to the end already
  let keeper: PlaceKeeper | undefined;

  const showing = (spot: Spot): Showing => ({ id: ++showings, spot });
  const noteNewest = (seq: number) => {
    newest = Math.max(newest, seq, session.mirror.getState().rooms.get(roomUuid)?.last_seq ?? 0);
  };

  /** Opens a stretch and shows it. What was open stays until the answer is there, and for good when it is a failure. */
  async function open({ load, spot }: Opening): Promise<Conversation> {
    early = [];
    opening = ++openings;
    const mine = opening;
    try {
      // Whoever leaves a room and comes back at once must not overtake the place where he left it.
      const saving = saves.get(session);
      if (saving) await saving;
      const opened = await load();
      if (mine === opening) take(opened, spot(opened));
      return opened;
    } catch (error) {
      if (mine === opening && store.getState().status !== 'open') fail(error);
      throw error;
    } finally {
      if (mine === opening) {
        opening = 0;
        for (const update of early.splice(0)) follow(update);
      }
    }
  }

  function fail(error: unknown) {
    store.setState({ status: 'failed', failure: asFailure(error) }, true);
  }

  function take(opened: Conversation, spot: Spot) {
    stretches++;
    const held = store.getState();
    const wasOpen = held.status === 'open';
    noteNewest(opened.room.last_seq);
    keeper ??= createPlaceKeeper(opened.place, (place) => {
      const saving = bridge.setPlace(roomUuid, place).catch(() => undefined); // the next scroll saves it again
      saves.set(session, saving);
    });
    store.setState(
      {
        status: 'open',
        messages: opened.messages,
        firstSeq: opened.first_seq,
        lastSeq: opened.last_seq,
        hasMore: opened.has_more,
        hasNewer: opened.has_newer,
        older: 'idle',
        newer: 'idle',
        reads: opened.reads,
        // The mark stays where it was when the room was opened; loading anew doesn't move it.
        readUpTo: wasOpen ? held.readUpTo : opened.room.unread_count > 0 ? opened.room.last_read_seq : 0,
        unreadAtOpen: wasOpen ? held.unreadAtOpen : opened.room.unread_count,
        showing: showing(spot),
        arrived,
      },
      true,
    );
  }

  /** Opens the room as the core thinks best: at what is unread, where the reader left it, or at the end. */
  async function reload() {
    if (store.getState().status !== 'open') store.setState({ status: 'loading' }, true);
    await open({ load: () => bridge.openRoom(roomUuid, 0), spot: firstSpot }).catch(() => undefined); // the state says it
  }

  /** Opens it anew where the reader is: all that was held is void. */
  async function reopen() {
    if (store.getState().status !== 'open') {
      await reload();
      return;
    }
    const place = keeper?.last() ?? atEnd;
    noteNewest(0);
    const mine = openings + 1;
    try {
      await open({
        load: () => bridge.openRoom(roomUuid, place.seq || newest),
        spot: () => (place.seq > 0 ? { at: 'place', ...place } : { at: 'end' }),
      });
    } catch (error) {
      if (mine === openings) fail(error);
    }
  }

  function follow(update: Update) {
    const ours = update.messages?.filter((change) => change.room_uuid === roomUuid) ?? [];
    if (update.full || ours.some((change) => change.reset)) {
      void reopen();
      return;
    }
    const state = store.getState();
    if (state.status !== 'open' || opening > 0) {
      early.push(update);
      return;
    }
    count(ours);
    const reads = update.reads?.find((one) => one.room_uuid === roomUuid) ?? state.reads;
    const changed = ours.reduce<Stretch>(applyChange, state);
    const stretch = keeper?.last().seq === 0 && !changed.hasNewer ? live(changed) : changed;
    // What was missing for want of the network may be had now.
    const online = update.state?.link === 'online';
    const older = online && state.older !== 'loading' ? 'idle' : state.older;
    const newer = online && state.newer !== 'loading' ? 'idle' : state.newer;
    const isSame = ours.length === 0 && reads === state.reads && older === state.older && newer === state.newer;
    if (!isSame) store.setState({ ...state, ...stretch, reads, older, newer, arrived }, true);
    // Who writes wants to see what he wrote.
    if (state.hasNewer && ours.some((change) => change.changed.some(isJustWritten))) {
      jumpToEnd().catch(() => undefined); // it is in the outbox all the same
    }
  }

  /** Reports whether an own message was written after the room was opened; each one once. */
  function isJustWritten({ client_id, mine, seq, state, at }: Message): boolean {
    if (!mine || seq > 0 || state === 'failed' || at < madeAt || written.has(client_id)) return false;
    written.add(client_id);
    return true;
  }

  function count(changes: readonly MessageChange[]) {
    const before = newest;
    for (const { changed } of changes) {
      for (const { seq, mine } of changed) {
        if (seq > before && !mine) arrived++;
        newest = Math.max(newest, seq);
      }
    }
  }

  async function loadPage({ side, ask, join }: PageLoad) {
    const state = store.getState();
    if (state.status !== 'open' || state[side] === 'loading') return;
    store.setState({ ...state, [side]: 'loading' }, true);
    const mine = stretches;
    const settle = (change: (held: OpenConversation) => Partial<OpenConversation>) => {
      const held = store.getState();
      if (held.status === 'open' && mine === stretches) store.setState({ ...held, ...change(held) }, true);
    };
    try {
      const page = await ask(state);
      settle((held) => ({ ...join(held, page), [side]: page.partial ? 'partial' : 'idle' }));
    } catch {
      settle(() => ({ [side]: 'failed' }));
    }
  }

  async function jumpTo(seq: number) {
    const state = store.getState();
    const spot: Spot = { at: 'message', seq };
    if (state.status === 'open' && opening === 0 && seq >= state.firstSeq && seq <= state.lastSeq) {
      store.setState({ ...state, showing: showing(spot) }, true);
      return;
    }
    await open({ load: () => bridge.openRoom(roomUuid, seq), spot: () => spot });
  }

  async function jumpToDate(at: number) {
    const first = (opened: Conversation) =>
      opened.messages.find((message) => message.at >= at) ?? opened.messages.at(-1);
    const opened = await open({
      load: () => bridge.openRoomAt(roomUuid, at),
      spot: (found) => ({ at: 'message', seq: first(found)?.seq ?? 0 }),
    });
    return first(opened)?.at ?? 0;
  }

  async function jumpToEnd() {
    const state = store.getState();
    if (state.status === 'open' && opening === 0 && !state.hasNewer) {
      store.setState({ ...state, showing: showing({ at: 'end' }) }, true);
      return;
    }
    noteNewest(0);
    await open({ load: () => bridge.openRoom(roomUuid, newest), spot: () => ({ at: 'end' }) });
  }

  function back() {
    const state = store.getState();
    const room = session.mirror.getState().rooms.get(roomUuid);
    if (state.status !== 'open' || opening > 0 || !room || room.unread_count === 0 || keeper?.last().seq !== 0) return;
    const marked = { ...state, readUpTo: room.last_read_seq, unreadAtOpen: room.unread_count };
    const isHeld = room.last_read_seq + 1 >= state.firstSeq;
    store.setState(isHeld ? { ...marked, showing: showing({ at: 'unread' }) } : marked, true);
    if (!isHeld) void reload();
  }

  return {
    store,
    reload,
    loadOlder: () =>
      loadPage({ side: 'older', ask: ({ firstSeq }) => bridge.older(roomUuid, firstSeq), join: withOlder }),
    loadNewer: () =>
      loadPage({
        side: 'newer',
        ask: ({ lastSeq }) => bridge.newer(roomUuid, lastSeq),
        join: (held, page) => withNewer(held, page, newest),
      }),
    jumpTo,
    jumpToDate,
    jumpToEnd,
    look: (place) => keeper?.at(place),
    back,
    start: () => {
      const stop = session.onUpdate(follow);
      // A jump may have opened it already.
      if (opening === 0) void reload();
      return () => {
        stop();
        keeper?.stop();
      };
    },
  };
}

/** What a room shows that was just opened. */
function firstSpot({ room, place }: Conversation): Spot {
  if (room.unread_count > 0) return { at: 'unread' };
  return place.seq > 0 ? { at: 'place', ...place } : { at: 'end' };
}
