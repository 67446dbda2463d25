import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import type { Failure } from '@/bridge/types';

/** A page of something, and where the next one begins: 0 for nowhere. */
export interface Paged<T> {
  items: readonly T[];
  next: number;
}

/** What was found so far. */
export type FoundPages<T> =
  | { kind: 'loading' }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'loaded'; items: readonly T[]; next: number; failure: Failure | undefined };

const loading = { kind: 'loading' } as const;

/**
 * Asks for something page by page. Another `ask` (of useCallback), another `when` or `reload` begins anew. After another
 * `ask` nothing of the old is in view; after another `when` it stays until the answer comes.
 */
export function usePages<T>(ask: (place: number) => Promise<Paged<T>>, when = 0) {
  const [held, setHeld] = useState<{ ask: typeof ask; state: FoundPages<T> }>({ ask, state: loading });
  const [round, setRound] = useState(0);
  const asking = useRef(0); // the latest question; older answers are dropped
  const busy = useRef(false);
  const state: FoundPages<T> = held.ask === ask ? held.state : loading;

  useEffect(() => {
    const mine = ++asking.current;
    busy.current = false;
    const set = (next: FoundPages<T>) => mine === asking.current && setHeld({ ask, state: next });
    ask(0).then(
      (page) => set({ kind: 'loaded', ...page, failure: undefined }),
      (error: unknown) => set({ kind: 'failed', failure: asFailure(error) }),
    );
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- round and when say when to ask again
  }, [ask, round, when]);

  const more = useCallback(() => {
    if (busy.current || state.kind !== 'loaded' || state.next === 0 || state.failure) return;
    busy.current = true;
    const mine = asking.current;
    const set = (next: FoundPages<T>) => {
      if (mine !== asking.current) return;
      busy.current = false;
      setHeld({ ask, state: next });
    };
    ask(state.next).then(
      ({ items, next }) => set({ kind: 'loaded', items: [...state.items, ...items], next, failure: undefined }),
      (error: unknown) => set({ ...state, failure: asFailure(error) }),
    );
  }, [ask, state]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { state, more, reload };
}
