/** Single messages of a room, by seq: those that are quoted or pinned, wherever they stand. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '@/bridge/session';
import type { Message, Update } from '@/bridge/types';

/** What is known of a message: nothing yet, that it can't be had, or itself. */
export type Quote = { kind: 'loading' } | { kind: 'missing' } | { kind: 'found'; message: Message };

/** The messages that somebody shows, and how one asks for them. */
export interface Quotes {
  store: StoreApi<ReadonlyMap<number, Quote>>;
  /** Wants messages until the returned function is called. What is asked at one moment goes to the core as one call. */
  want: (seqs: readonly number[]) => () => void;
  /** Takes what the conversation has loaded, so that it need not be asked for. */
  offer: (messages: readonly Message[]) => void;
  /** The loaded messages, as they were offered last. */
  loaded: StoreApi<readonly Message[]>;
}

/** The core answers for so many at once. */
const askedAtOnce = 100;

const ofSession = new WeakMap<Session, Map<string, Quotes>>();

/** The quotes of a room; there is one for everything that shows that room. */
export function quotesOf(session: Session, roomUuid: string): Quotes {
  const rooms = ofSession.get(session) ?? new Map<string, Quotes>();
  ofSession.set(session, rooms);
  const held = rooms.get(roomUuid) ?? createQuotes(session, roomUuid);
  rooms.set(roomUuid, held);
  return held;
}

/** Makes the quotes of one room. */
export function createQuotes(session: Session, roomUuid: string): Quotes {
  const store = createStore<ReadonlyMap<number, Quote>>(() => new Map());
  const wanted = new Map<number, number>(); // seq → how many show it
  const loaded = createStore<readonly Message[]>(() => []);
  let bySeq = new Map<number, Message>();
  let asking: ReturnType<typeof queueAsk> | undefined;
  let stop: (() => void) | undefined;

  const put = (changes: Iterable<[number, Quote]>) => {
    const next = new Map(store.getState());
    for (const [seq, quote] of changes) {
      if (wanted.has(seq) && !isOlder(quote, next.get(seq))) next.set(seq, quote);
    }
    store.setState(next, true);
  };

  async function ask() {
    asking = undefined;
    const seqs = [...wanted.keys()].filter((seq) => store.getState().get(seq)?.kind === 'loading');
    const calls = Math.ceil(seqs.length / askedAtOnce);
    const parts = Array.from({ length: calls }, (_, i) => seqs.slice(i * askedAtOnce, (i + 1) * askedAtOnce));
    await Promise.all(parts.map(askSome));
  }

  async function askSome(seqs: readonly number[]) {
    let found = new Map<number, Message>();
    try {
      found = new Map((await session.bridge.messages(roomUuid, [...seqs])).map((one) => [one.seq, one]));
    } catch {
      // What can't be had now is asked for again when the network is back.
    }
    put(seqs.map((seq) => [seq, quoteOf(found.get(seq))]));
  }

  function queueAsk() {
    return Promise.resolve().then(ask);
  }

  /** Asks anew for what could not be had, or for everything. */
  function again(which: (quote: Quote) => boolean) {
    const next = new Map(store.getState());
    for (const [seq, quote] of next) if (which(quote)) next.set(seq, { kind: 'loading' });
    store.setState(next, true);
    asking ??= queueAsk();
  }

  function take(update: Update) {
    const ours = update.messages?.filter((change) => change.room_uuid === roomUuid) ?? [];
    const changed = ours.flatMap((change) => change.changed ?? []).filter((message) => wanted.has(message.seq));
    if (changed.length > 0) put(changed.map((message) => [message.seq, { kind: 'found', message }]));
    const removed = new Set(ours.flatMap((change) => change.removed ?? []));
    if (update.full || ours.some((change) => change.reset)) again(() => true);
    else if (removed.size > 0) again((quote) => quote.kind === 'found' && removed.has(quote.message.client_id));
    else if (update.state?.link === 'online') again((quote) => quote.kind === 'missing');
  }

  return {
    store,
    loaded,
    offer: (messages) => {
      loaded.setState(messages, true);
      bySeq = new Map(messages.map((message) => [message.seq, message]));
      const known = [...wanted.keys()].flatMap((seq) => bySeq.get(seq) ?? []);
      const held = store.getState();
      const news = known.filter((message) => {
        const quote = held.get(message.seq);
        return quote?.kind !== 'found' || quote.message.rev < message.rev;
      });
      if (news.length > 0) put(news.map((message) => [message.seq, { kind: 'found', message }]));
    },
    want: (seqs) => {
      stop ??= session.onUpdate(take);
      const fresh = seqs.filter((seq) => !wanted.has(seq));
      for (const seq of seqs) wanted.set(seq, (wanted.get(seq) ?? 0) + 1);
      put(fresh.map((seq) => [seq, bySeq.has(seq) ? quoteOf(bySeq.get(seq)) : { kind: 'loading' }]));
      if (fresh.some((seq) => !bySeq.has(seq))) asking ??= queueAsk();
      return () => {
        const left = new Map(store.getState());
        for (const seq of seqs) {
          const count = (wanted.get(seq) ?? 1) - 1;
          if (count > 0) wanted.set(seq, count);
          else {
            wanted.delete(seq);
            left.delete(seq);
          }
        }
        store.setState(left, true);
        if (wanted.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}

function quoteOf(message: Message | undefined): Quote {
  return message ? { kind: 'found', message } : { kind: 'missing' };
}

/** An answer may be older than what an update has said meanwhile. */
function isOlder(coming: Quote, held: Quote | undefined): boolean {
  if (held?.kind !== 'found') return false;
  return coming.kind === 'found' && coming.message.rev < held.message.rev;
}
