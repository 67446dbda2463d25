import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '@/bridge/bridge';
import { asFailure } from '@/bridge/failure';
import type { Failure, SearchHit, SearchQuery, Update } from '@/bridge/types';

/** What a search may hold: wire.MinQueryRunes and wire.MaxQueryRunes. */
export const shortestQuery = 2;
export const longestQuery = 200;

/** After this pause in typing the server is asked, in milliseconds. */
export const typingPause = 250;

/** A query that asks for nothing yet. */
export const noQuery: SearchQuery = {
  text: '',
  room_uuid: '',
  sender_uuid: '',
  from: 0,
  to: 0,
  has_file: false,
  before: 0,
};

/** Where a search for messages stands. What was found before stays in view while the next answer is on its way. */
export type Finding =
  | { status: 'idle' }
  | { status: 'short' }
  | { status: 'long' }
  | { status: 'searching'; hits: readonly SearchHit[] }
  | { status: 'failed'; failure: Failure }
  | Found;

/** What was found, the newest first. */
export interface Found {
  status: 'found';
  hits: readonly SearchHit[];
  /** The before of the next page; 0: no more. */
  next: number;
  /** Only what this device holds was searched. */
  local: boolean;
  more: 'idle' | 'loading' | 'failed';
}

/** A search for messages that follows what is typed. */
export interface MessageSearch {
  store: StoreApi<Finding>;
  /** Asks for a query after a pause in typing; the same one again does nothing. */
  ask: (query: SearchQuery) => void;
  /** Asks at once, also for the same query. */
  again: () => void;
  /** Loads the next page. One request at a time; more calls do nothing. */
  more: () => Promise<void>;
  /** Takes out what was deleted, and what is in rooms that one has left. */
  follow: (update: Update) => void;
  stop: () => void;
}

function textOf({ text }: SearchQuery): string {
  return text.trim().normalize('NFC');
}

/** Whether a text can be searched for; else what is wrong with it. Messages with files need no text. */
export function queryProblem(text: string, hasFile = false): 'idle' | 'short' | 'long' | undefined {
  const { length } = [...text.trim().normalize('NFC')];
  if (length === 0) return hasFile ? undefined : 'idle';
  if (length < shortestQuery) return 'short';
  return length > longestQuery ? 'long' : undefined;
}

/** The hits that are in view at a moment. */
export function hitsOf(finding: Finding): readonly SearchHit[] {
  return finding.status === 'found' || finding.status === 'searching' ? finding.hits : [];
}

/** Makes a search. Stop it when its place goes away. */
export function createMessageSearch(bridge: Pick<Bridge, 'search'>): MessageSearch {
  const store = createStore<Finding>(() => ({ status: 'idle' }));
  let asked = noQuery;
  let asking = 0; // the number of the latest question; the answer to an older one is dropped
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run() {
    clearTimeout(timer);
    timer = undefined;
    const mine = ++asking;
    try {
      const page = await bridge.search(asked);
      if (mine === asking) store.setState({ status: 'found', more: 'idle', ...page }, true);
    } catch (error) {
      if (mine === asking) store.setState({ status: 'failed', failure: asFailure(error) }, true);
    }
  }

  function ask(query: SearchQuery) {
    const next = { ...query, text: textOf(query) };
    if (JSON.stringify(next) === JSON.stringify(asked)) return;
    asked = next;
    clearTimeout(timer);
    timer = undefined;
    asking++;
    const problem = queryProblem(next.text, next.has_file);
    if (problem) {
      store.setState({ status: problem }, true);
      return;
    }
    store.setState({ status: 'searching', hits: hitsOf(store.getState()) }, true);
    timer = setTimeout(() => void run(), typingPause);
  }

  async function more() {
    const held = store.getState();
    if (held.status !== 'found' || held.next === 0 || held.more === 'loading') return;
    store.setState({ ...held, more: 'loading' }, true);
    const mine = asking;
    try {
      const page = await bridge.search({ ...asked, before: held.next });
      if (mine !== asking) return;
      const hits = [...hitsOf(store.getState()), ...page.hits];
      store.setState({ status: 'found', more: 'idle', next: page.next, local: page.local, hits }, true);
    } catch {
      if (mine === asking) store.setState({ ...held, hits: hitsOf(store.getState()), more: 'failed' }, true);
    }
  }

  function follow({ messages = [], rooms_removed = [] }: Update) {
    const held = store.getState();
    if (held.status !== 'found' && held.status !== 'searching') return;
    const left = new Set(rooms_removed);
    const gone = new Set(
      messages.flatMap(({ changed, removed }) => [
        ...removed,
        ...changed.filter((message) => message.deleted_at > 0).map((message) => message.client_id),
      ]),
    );
    const hits = held.hits.filter(({ message }) => !gone.has(message.client_id) && !left.has(message.room_uuid));
    if (hits.length < held.hits.length) store.setState({ ...held, hits }, true);
  }

  return {
    store,
    ask,
    follow,
    again: () => {
      if (queryProblem(asked.text, asked.has_file)) return;
      store.setState({ status: 'searching', hits: hitsOf(store.getState()) }, true);
      void run();
    },
    more,
    stop: () => {
      clearTimeout(timer);
      asking++;
    },
  };
}
