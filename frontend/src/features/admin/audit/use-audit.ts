import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { AuditEntry, AuditQuery, Failure } from '@/bridge/types';

/** What the record is narrowed to. */
export type AuditFilter = Omit<AuditQuery, 'before'>;

/** The entries found so far; `next` is where the next page begins, 0 when there is none. */
export type FoundEntries =
  | { kind: 'loading' }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'loaded'; entries: readonly AuditEntry[]; next: number; failure: Failure | undefined };

/** Asks for the record page by page, the newest first; another filter or `reload` begins anew. */
export function useAudit(filter: AuditFilter) {
  const bridge = useBridge();
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [state, setState] = useState<FoundEntries>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  const asking = useRef(0); // the latest question; older answers are dropped

  useEffect(() => {
    const mine = ++asking.current;
    bridge.auditEntries({ ...filter, before: 0 }).then(
      ({ entries, next }) => mine === asking.current && setState({ kind: 'loaded', entries, next, failure: undefined }),
      (error: unknown) => mine === asking.current && setState({ kind: 'failed', failure: asFailure(error) }),
    );
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- online and round say when to ask again
  }, [bridge, online, round, filter]);

  const busy = useRef(false);
  const more = useCallback(() => {
    if (busy.current || state.kind !== 'loaded' || state.next === 0 || state.failure) return;
    busy.current = true;
    const mine = asking.current;
    bridge
      .auditEntries({ ...filter, before: state.next })
      .then(
        ({ entries, next }) => {
          if (mine !== asking.current) return;
          setState({ kind: 'loaded', entries: [...state.entries, ...entries], next, failure: undefined });
        },
        (error: unknown) => mine === asking.current && setState({ ...state, failure: asFailure(error) }),
      )
      .finally(() => {
        busy.current = false;
      });
  }, [bridge, state, filter]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, more, reload };
}
