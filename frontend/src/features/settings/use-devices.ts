import { useCallback, useEffect, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Device, Failure } from '@/bridge/types';

/** One's devices, as far as they are known. */
export type Devices =
  { kind: 'loading' } | { kind: 'failed'; failure: Failure } | { kind: 'loaded'; devices: readonly Device[] };

/** Asks where one is signed in: at first, when the link comes back, and after reload. */
export function useDevices(): { state: Devices; reload: () => void } {
  const bridge = useBridge();
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [state, setState] = useState<Devices>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let live = true;
    bridge.myDevices().then(
      (devices) => live && setState({ kind: 'loaded', devices }),
      (error: unknown) => live && setState({ kind: 'failed', failure: asFailure(error) }),
    );
    return () => {
      live = false;
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- online and round say when to ask again
  }, [bridge, online, round]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, reload };
}
