import { useCallback } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import { handOver } from './file-bytes';
import { enqueue, type Dropped } from './take-store';

const folderFailure = { code: 'bad_request', reason: 'file_folder', message: '', request_id: '', retry_ms: 0 };

/** Puts dropped files into a room's composer, one after the other. What can't be sent is said; the others go on. */
export function useTakeFiles(roomUuid: string): (files: Dropped[]) => void {
  const bridge = useBridge();
  return useCallback(
    (files) => {
      enqueue(
        roomUuid,
        files,
        async ({ room, file, folder }, onProgress, signal) => {
          if (folder) throw folderFailure;
          return handOver(bridge, { room, file, onProgress, signal });
        },
        asFailure,
      );
    },
    [bridge, roomUuid],
  );
}
