import { useCallback } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { MyChange, Room } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';

/** Changes one's own settings of a room; a refusal is told. */
export function useSetMy(room: Room) {
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return useCallback(
    (change: MyChange) => {
      bridge.setMy(room.room_uuid, change).catch((error: unknown) => toast(failureText(asFailure(error))));
    },
    [bridge, room.room_uuid, toast, failureText],
  );
}
