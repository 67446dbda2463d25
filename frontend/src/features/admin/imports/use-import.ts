import { useCallback, useEffect, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure, PeopleImport } from '@/bridge/types';
import type { Loaded } from '@/features/admin/use-loaded';

/** How often it is asked how far it is, in milliseconds. */
const askEvery = 1000;

/** Reports whether the server is at work. */
export function atWork(state: string): boolean {
  return state === 'reading' || state === 'applying';
}

/** Where the import stands: asked for at first, again while the server is at work, and by `reload`. */
export function useImport(): {
  state: Loaded<PeopleImport>;
  /** Why it could not be asked how far it is; what is known stays. */
  stale: Failure | undefined;
  reload: () => void;
} {
  const bridge = useBridge();
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [state, setState] = useState<Loaded<PeopleImport>>({ kind: 'loading' });
  const [stale, setStale] = useState<Failure>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let live = true;
    bridge.importStatus().then(
      (value) => {
        if (!live) return;
        setState({ kind: 'loaded', value });
        setStale(undefined);
      },
      (error: unknown) => {
        if (!live) return;
        const failure = asFailure(error);
        setState((held) => (held.kind === 'loaded' ? held : { kind: 'failed', failure }));
        setStale(failure);
      },
    );
    return () => {
      live = false;
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- online and round say when to ask again
  }, [bridge, online, round]);
  const busy = state.kind === 'loaded' && atWork(state.value.state);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setTimeout(() => setRound((held) => held + 1), askEvery);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each answer, also a failed one, sets the next question
  }, [busy, state, stale]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, stale, reload };
}
