import { useCallback, useEffect, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { FileLimits, HeldFile } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { addRefused } from './take-store';

const none: readonly HeldFile[] = [];

/** The files that wait in a room's composer, and what is done with them. The core holds them, and keeps them over restarts. */
export function useHeld(roomUuid: string) {
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  const files = useMirror((mirror) => mirror.held.get(roomUuid) ?? none);
  const said = useCallback((error: unknown) => toast(failureText(asFailure(error))), [toast, failureText]);
  const choose = useCallback(() => {
    bridge.chooseFiles(roomUuid).then((refused) => addRefused(roomUuid, refused), said);
  }, [bridge, roomUuid, said]);
  const drop = useCallback(
    (handles: string[]) => {
      bridge.dropHeld(roomUuid, handles).catch(said);
    },
    [bridge, roomUuid, said],
  );
  return { files, choose, drop };
}

/** What the server takes, once somebody needs to know. */
export function useFileLimits(wanted: boolean): FileLimits | undefined {
  const bridge = useBridge();
  const [limits, setLimits] = useState<FileLimits>();
  useEffect(() => {
    if (!wanted) return undefined;
    let gone = false;
    bridge.fileLimits().then(
      (known) => {
        if (!gone) setLimits(known);
      },
      () => undefined, // the problem is said without them
    );
    return () => {
      gone = true;
    };
  }, [bridge, wanted]);
  return limits;
}
