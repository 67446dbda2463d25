import { createStore, type StoreApi } from 'zustand/vanilla';
import { asFailure } from '@/bridge/failure';
import type { Session } from '@/bridge/session';
import type { Failure, Message, Reads, Update } from '@/bridge/types';
import { applyChange, oldestSeq, prepend } from './message-list';

/** Where the loading of older messages stands. */
export type Older = 'idle' | 'loading' | 'failed' | 'partial';

/** A conversation as the page holds it. */
export type ConversationState =
  | { status: 'loading' }
  | { status: 'failed'; failure: Failure }
  | {
      status: 'open';
      messages: readonly Message[];
      hasMore: boolean;
      older: Older;
      reads: Reads;
      /** The last seq that was read when the room was opened, for the mark; 0 when nothing was unread. */
      readUpTo: number;
    };

/** The open room: loads it, follows it, and says what the user saw of it. */
export interface ConversationModel {
  store: StoreApi<ConversationState>;
  /** Loads the room and follows its changes until the returned function is called. Starting again is allowed. */
  start: () => () => void;
  reload: () => Promise<void>;
  /** Loads the page before the oldest message. One request at a time; more calls do nothing. */
  loadOlder: () => Promise<void>;
}

/** Makes the model of one room. */
export function createConversation(session: Session, roomUuid: string): ConversationModel {
  const store = createStore<ConversationState>(() => ({ status: 'loading' }));
  const { bridge } = session;
  let early: Update[] = []; // updates that came while the room was being opened
  let openings = 0;
  let opening = 0; // the number of the opening under way, 0 for none; the answer to an older one is dropped

  async function reload() {
    const held = store.getState();
    if (held.status !== 'open') store.setState({ status: 'loading' }, true);
    early = [];
    openings++;
    const mine = openings;
    opening = mine;
    try {
      const opened = await bridge.openRoom(roomUuid, 0);
      if (mine !== opening) return;
      const { room } = opened;
      store.setState(
        {
          status: 'open',
          messages: opened.messages,
          hasMore: opened.has_more,
          older: 'idle',
          reads: opened.reads,
          // The mark stays where it was when the room was opened; loading anew doesn't move it.
          readUpTo: held.status === 'open' ? held.readUpTo : room.unread_count > 0 ? room.last_read_seq : 0,
        },
        true,
      );
      opening = 0;
      for (const update of early) take(update);
    } catch (error) {
      if (mine !== opening) return;
      opening = 0;
      store.setState({ status: 'failed', failure: asFailure(error) }, true);
    }
  }

  function take(update: Update) {
    const state = store.getState();
    const ours = update.messages?.filter((change) => change.room_uuid === roomUuid) ?? [];
    if (update.full || ours.some((change) => change.reset)) {
      void reload();
      return;
    }
    if (state.status !== 'open' || opening > 0) {
      early.push(update);
      return;
    }
    const reads = update.reads?.find((one) => one.room_uuid === roomUuid) ?? state.reads;
    const messages = ours.reduce<readonly Message[]>(
      (held, change) => applyChange(held, change, state.hasMore),
      state.messages,
    );
    // What was missing for want of the network may be had now.
    const older = update.state?.link === 'online' && state.older !== 'loading' ? 'idle' : state.older;
    if (reads === state.reads && ours.length === 0 && older === state.older) return;
    store.setState({ ...state, messages, reads, older }, true);
  }

  async function loadOlder() {
    const state = store.getState();
    if (state.status !== 'open' || !state.hasMore || state.older === 'loading') return;
    store.setState({ ...state, older: 'loading' }, true);
    try {
      const page = await bridge.older(roomUuid, oldestSeq(state.messages));
      const now = store.getState();
      if (now.status !== 'open') return;
      store.setState(
        {
          ...now,
          messages: prepend(now.messages, page.messages),
          hasMore: page.has_more,
          older: page.partial ? 'partial' : 'idle',
        },
        true,
      );
    } catch {
      const now = store.getState();
      if (now.status === 'open') store.setState({ ...now, older: 'failed' }, true);
    }
  }

  return {
    store,
    reload,
    loadOlder,
    start: () => {
      const stop = session.onUpdate(take);
      void reload();
      return stop;
    },
  };
}
