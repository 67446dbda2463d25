import { useCallback, useEffect } from 'react';
import { useBridge } from '@/bridge/session-context';
import type { Backup } from '@/bridge/types';
import { usePages } from '@/features/admin/use-pages';

/** How often it is asked how far they are, in milliseconds. */
const askEvery = 1500;

/** Reports whether the server is at work on it. */
export function atWork({ state }: Backup): boolean {
  return state === 'running' || state === 'verifying';
}

/** The deletions and their archives, by page: asked for at first, again while one is at work, and by `reload`. */
export function useBackups() {
  const bridge = useBridge();
  const call = useCallback(
    async (before: number) => {
      const { backups, next } = await bridge.backups(before);
      return { items: backups, next };
    },
    [bridge],
  );
  const pages = usePages(call);
  const { state, reload } = pages;
  const busy = state.kind === 'loaded' && state.value.items.some(atWork);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setTimeout(reload, askEvery);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each answer sets the next question
  }, [busy, state, reload]);
  return pages;
}
