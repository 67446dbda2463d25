import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useMirror } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';
import type { Loaded } from './use-loaded';

/** A page of something; `next` asks for the one behind it, 0 when there is none. */
export interface Page<T> {
  items: readonly T[];
  next: number;
}

/** The pages so far, and why the next one did not come. */
export type Pages<T> = Page<T> & { failure: Failure | undefined };

export interface PagesOptions {
  /** Another one asks again, such as a number that the server pushed. */
  when?: string | number;
  /** How long to wait before asking, in milliseconds: somebody may still be typing. */
  pause?: number;
}

type Call<T> = (from: number) => Promise<Page<T>>;

/** So many pages are asked for again at most; who scrolled further comes to the rest by scrolling. */
const mostAgain = 10;

/** The first pages, one after the other. When one but the first does not come, those before it stand there. */
async function firstPages<T>(call: Call<T>, count: number): Promise<Pages<T>> {
  let held: Pages<T> = { ...(await call(0)), failure: undefined };
  for (let n = 1; n < Math.min(count, mostAgain) && held.next !== 0 && !held.failure; n++) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each page names the next one
      const { items, next } = await call(held.next);
      held = { items: [...held.items, ...items], next, failure: undefined };
    } catch (error) {
      held = { ...held, failure: asFailure(error) };
    }
  }
  return held;
}

/**
 * Asks for something page by page: the first at once, and as many as there are again when the link comes back, at `reload`
 * and for another `when`. Another `call` begins anew: give it one of useCallback. What is known stays in view meanwhile;
 * what must not is to be mounted anew, by a key.
 */
export function usePages<T>(call: Call<T>, { when = '', pause = 0 }: PagesOptions = {}) {
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [state, setState] = useState<Loaded<Pages<T>>>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  const asking = useRef(0); // the latest question; older answers are dropped
  const busy = useRef(false);
  const loaded = useRef({ call, pages: 1 });

  useEffect(() => {
    const mine = ++asking.current;
    busy.current = false;
    if (loaded.current.call !== call) loaded.current = { call, pages: 1 };
    const set = (next: Loaded<Pages<T>>) => mine === asking.current && setState(next);
    const ask = () =>
      void firstPages(call, loaded.current.pages).then(
        (value) => set({ kind: 'loaded', value }),
        (error: unknown) => set({ kind: 'failed', failure: asFailure(error) }),
      );
    if (pause === 0) {
      ask();
      return undefined;
    }
    const timer = setTimeout(ask, pause);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- online, round and when say when to ask again
  }, [call, online, round, when, pause]);

  const more = useCallback(() => {
    if (busy.current || state.kind !== 'loaded' || state.value.next === 0 || state.value.failure) return;
    busy.current = true;
    const mine = asking.current;
    const { value } = state;
    const set = (next: Pages<T>) => {
      if (mine !== asking.current) return;
      busy.current = false;
      if (!next.failure) loaded.current.pages++;
      setState({ kind: 'loaded', value: next });
    };
    call(value.next).then(
      ({ items, next }) => set({ items: [...value.items, ...items], next, failure: undefined }),
      (error: unknown) => set({ ...value, failure: asFailure(error) }),
    );
  }, [call, state]);

  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, more, reload };
}
