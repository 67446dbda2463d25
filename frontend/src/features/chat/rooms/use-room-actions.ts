import { useCallback } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { MyChange } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';

/** For what a menu or a switch does: no dialog waits for it, so a refusal is told by a toast. */
export function useTold(): (call: Promise<unknown>) => void {
  const toast = useToast();
  const failureText = useFailureText();
  return useCallback(
    (call) => {
      call.catch((error: unknown) => toast(failureText(asFailure(error))));
    },
    [toast, failureText],
  );
}

/** What one does with a room for oneself. */
export function useRoomActions() {
  const bridge = useBridge();
  const told = useTold();
  const setMy = useCallback(
    (roomUuid: string, change: MyChange) => told(bridge.setMy(roomUuid, change)),
    [bridge, told],
  );
  const markRead = useCallback((roomUuid: string) => told(bridge.markRead(roomUuid)), [bridge, told]);
  return { setMy, markRead };
}
