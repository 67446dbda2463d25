import type { Bridge } from '@/bridge/bridge';

/** What the page hands over of a pasted picture goes to the core as base64; the core takes no more than this. */
export const maxHandedBytes = 32 << 20;

/** The core takes a dropped file in pieces of at most 4 MiB: whatever its size, no more of it is in memory. */
const pieceBytes = 3 << 20;

export function asBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error('the file could not be read')));
    reader.readAsDataURL(file);
  });
}

/** What could not be read has this failure, as the core would say it. */
const unreadable = { code: 'bad_request', reason: 'file_unreadable', message: '', request_id: '', retry_ms: 0 };

export type HandOverBridge = Pick<Bridge, 'beginTake' | 'appendTake' | 'endTake' | 'cancelTake'>;

export interface HandOver {
  room: string;
  file: File;
  /** Bytes that have been handed over. */
  onProgress: (done: number) => void;
  /** Ends it: nothing is kept. */
  signal: AbortSignal;
}

/** Hands a file over, piece by piece. It rejects with a Failure when it can't be sent, and reports false when it was ended. */
export async function handOver(bridge: HandOverBridge, { room, file, onProgress, signal }: HandOver): Promise<boolean> {
  const handle = await bridge.beginTake(room, file.name, file.size);
  const from = async (done: number): Promise<boolean> => {
    if (signal.aborted) return false;
    if (done >= file.size) return true;
    const end = Math.min(done + pieceBytes, file.size);
    const piece = await asBase64(file.slice(done, end)).catch(() => undefined);
    if (piece === undefined) throw unreadable;
    await bridge.appendTake(handle, done, piece);
    onProgress(end);
    return from(end);
  };
  try {
    const whole = await from(0);
    await (whole ? bridge.endTake(handle) : bridge.cancelTake(handle));
    return whole;
  } catch (error) {
    await bridge.cancelTake(handle).catch(() => undefined); // the first failure is the one to tell of
    throw error;
  }
}
