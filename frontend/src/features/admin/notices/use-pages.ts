import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useMirror } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';

/** A page of something; `next` asks for the one behind it, 0 when there is none. */
export interface Page<T> {
  items: readonly T[];
  next: number;
}

/** The pages so far, and why the next one did not come. */
export type Pages<T> =
  | { kind: 'loading' }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'loaded'; value: Page<T> & { failure: Failure | undefined } };

/**
 * Asks for something page by page: the first at once, and again when the link comes back, at `reload`, and whenever
 * `call` is another function: give it one of useCallback.
 */
export function usePages<T>(call: (from: number) => Promise<Page<T>>) {
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [state, setState] = useState<Pages<T>>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  const asking = useRef(0); // the latest question; older answers are dropped
  useEffect(() => {
    const mine = ++asking.current;
    call(0).then(
      (page) => mine === asking.current && setState({ kind: 'loaded', value: { ...page, failure: undefined } }),
      (error: unknown) => mine === asking.current && setState({ kind: 'failed', failure: asFailure(error) }),
    );
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- online and round say when to ask again
  }, [call, online, round]);

  const busy = useRef(false);
  const more = useCallback(() => {
    if (busy.current || state.kind !== 'loaded' || state.value.next === 0 || state.value.failure) return;
    busy.current = true;
    const mine = asking.current;
    const { value } = state;
    call(value.next)
      .then(
        ({ items, next }) => {
          if (mine !== asking.current) return;
          setState({ kind: 'loaded', value: { items: [...value.items, ...items], next, failure: undefined } });
        },
        (error: unknown) => {
          if (mine === asking.current) setState({ kind: 'loaded', value: { ...value, failure: asFailure(error) } });
        },
      )
      .finally(() => {
        busy.current = false;
      });
  }, [call, state]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, more, reload };
}
