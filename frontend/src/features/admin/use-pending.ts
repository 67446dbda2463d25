import { useCallback, useEffect, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure, PendingUser } from '@/bridge/types';

/** The sign-ups that wait, as far as they are known; `of` tells for which state of the world they were asked. */
export type PendingState =
  | { kind: 'loading' }
  | { kind: 'failed'; failure: Failure; of: string }
  | { kind: 'loaded'; users: readonly PendingUser[]; of: string };

/** Follows the waiting sign-ups: fetched at first, and again whenever their number changes. */
export function usePending(): { state: PendingState; reload: () => void } {
  const bridge = useBridge();
  const count = useMirror((mirror) => mirror.admin.pending_users);
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [state, setState] = useState<PendingState>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  // A change of the number, or of the link, means that the list is another.
  const world = `${count} ${online} ${round}`;
  useEffect(() => {
    let live = true;
    bridge.pendingUsers().then(
      (users) => live && setState({ kind: 'loaded', users, of: world }),
      (error: unknown) => live && setState({ kind: 'failed', failure: asFailure(error), of: world }),
    );
    return () => {
      live = false;
    };
  }, [bridge, world]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, reload };
}
