import { useEffect, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';

/** Why a picture does not show: the network is away, or what the core or the server said of it. */
export type PictureProblem = { kind: 'offline' } | { kind: 'failed'; failure?: Failure };

export interface Shown {
  fileId: string;
  /** The side of the server's small picture, or 0 for the picture itself. */
  side: 0 | 240 | 960;
  failed: boolean;
}

/** Asks why a picture failed, since an img does not say it. */
export function usePictureProblem({ fileId, side, failed }: Shown): PictureProblem | undefined {
  const bridge = useBridge();
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    if (!failed || !online || fileId === '') return undefined;
    let live = true;
    bridge.checkPicture(fileId, side).catch((error: unknown) => live && setFailure(asFailure(error)));
    return () => {
      live = false;
      setFailure(undefined);
    };
  }, [bridge, failed, fileId, online, side]);
  if (!failed) return undefined;
  if (!online) return { kind: 'offline' };
  return failure ? { kind: 'failed', failure } : { kind: 'failed' };
}
