import { useCallback, useEffect } from 'react';
import { useBridge } from '@/bridge/session-context';
import type { Backup } from '@/bridge/types';
import { useLoaded, type Loaded } from '@/features/admin/use-loaded';

/** How often it is asked how far they are, in milliseconds. */
const askEvery = 1500;

/** Reports whether the server is at work on it. */
export function atWork({ state }: Backup): boolean {
  return state === 'running' || state === 'verifying';
}

/** The deletions and their archives: asked for at first, again while one is at work, and by `reload`. */
export function useBackups(): { state: Loaded<Backup[]>; reload: () => void } {
  const bridge = useBridge();
  const { state, reload } = useLoaded(useCallback(() => bridge.backups(), [bridge]));
  const busy = state.kind === 'loaded' && state.value.some(atWork);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setTimeout(reload, askEvery);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each answer sets the next question
  }, [busy, state, reload]);
  return { state, reload };
}
