import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Failure, ImportRow } from '@/bridge/types';

/** The rows found so far; `next` is where the next page begins, 0 when there is none. */
export type FoundRows =
  | { kind: 'loading' }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'loaded'; rows: readonly ImportRow[]; next: number; failure: Failure | undefined };

/** The rows of a fate ('' for all), page by page; another fate or another `when` begins anew. */
export function useImportRows(fate: string, when: string) {
  const bridge = useBridge();
  const [state, setState] = useState<FoundRows>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  const asking = useRef(0); // the latest question; older answers are dropped
  useEffect(() => {
    const mine = ++asking.current;
    bridge.importRows(0, fate).then(
      ({ rows, next }) => mine === asking.current && setState({ kind: 'loaded', rows, next, failure: undefined }),
      (error: unknown) => mine === asking.current && setState({ kind: 'failed', failure: asFailure(error) }),
    );
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- round and when say when to ask again
  }, [bridge, fate, when, round]);

  const busy = useRef(false);
  const more = useCallback(() => {
    if (busy.current || state.kind !== 'loaded' || state.next === 0 || state.failure) return;
    busy.current = true;
    const mine = asking.current;
    bridge
      .importRows(state.next, fate)
      .then(
        ({ rows, next }) => {
          if (mine === asking.current)
            setState({ kind: 'loaded', rows: [...state.rows, ...rows], next, failure: undefined });
        },
        (error: unknown) => mine === asking.current && setState({ ...state, failure: asFailure(error) }),
      )
      .finally(() => {
        busy.current = false;
      });
  }, [bridge, state, fate]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, more, reload };
}
