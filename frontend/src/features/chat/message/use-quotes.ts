import { useEffect, useLayoutEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useSession } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { quotesOf, type Quote } from './quotes';

const loading: Quote = { kind: 'loading' };

/** Messages of a room by seq, wherever they stand, and what becomes of them. */
export function useQuotes(roomUuid: string, seqs: readonly number[]): ReadonlyMap<number, Quote> {
  const session = useSession();
  const quotes = quotesOf(session, roomUuid);
  const held = useStore(quotes.store);
  const key = seqs.join();
  useLayoutEffect(() => quotes.want(key === '' ? [] : key.split(',').map(Number)), [quotes, key]);
  return useMemo(
    () => new Map((key === '' ? [] : key.split(',').map(Number)).map((seq) => [seq, held.get(seq) ?? loading])),
    [key, held],
  );
}

/** One message of a room. 0: none. */
export function useQuote(roomUuid: string, seq: number): Quote {
  const session = useSession();
  const quotes = quotesOf(session, roomUuid);
  useLayoutEffect(() => (seq > 0 ? quotes.want([seq]) : undefined), [quotes, seq]);
  return useStore(quotes.store, (held) => held.get(seq) ?? loading);
}

/** Tells the quotes of a room what its conversation has loaded: those need not be asked for. */
export function useLoadedMessages(roomUuid: string, messages: readonly Message[]): void {
  const session = useSession();
  const quotes = quotesOf(session, roomUuid);
  useLayoutEffect(() => quotes.offer(messages), [quotes, messages]);
  useEffect(() => () => quotes.offer([]), [quotes]);
}
