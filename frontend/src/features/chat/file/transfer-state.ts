/** Where a file stands, and what is said of a transfer. Pure. */
import type { File, Transfer } from '@/bridge/types';

/** What can be done with a file of a message at a moment. */
export type FileState =
  | { kind: 'there' }
  | { kind: 'saved' }
  | { kind: 'gone' }
  | { kind: 'moving'; transfer: Transfer }
  | { kind: 'failed'; transfer: Transfer };

/** Reports whether a transfer goes on by itself. */
export function isMoving({ state }: Transfer): boolean {
  return state === 'waiting' || state === 'running' || state === 'checking';
}

/** Where a file stands, by the transfer that is about it. */
export function fileState(file: File, transfer: Transfer | undefined): FileState {
  if (transfer && isMoving(transfer)) return { kind: 'moving', transfer };
  if (transfer?.state === 'failed') return { kind: 'failed', transfer };
  if (file.gone) return { kind: 'gone' };
  return { kind: file.saved ? 'saved' : 'there' };
}

/** The transfer of a file: the upload that it names, or its latest download. */
export function transferOf(transfers: ReadonlyMap<string, Transfer>, file: File): Transfer | undefined {
  if (file.transfer !== '') return transfers.get(file.transfer);
  if (file.file_id === '') return undefined;
  let latest: Transfer | undefined;
  for (const transfer of transfers.values()) {
    if (!transfer.upload && transfer.file_id === file.file_id) latest = transfer;
  }
  return latest;
}

/** How far it has come, from 0 to 100; an empty file is all there. */
export function percentOf({ done, size }: Pick<Transfer, 'done' | 'size'>): number {
  if (size <= 0) return 100;
  return Math.max(0, Math.min(100, Math.floor((done / size) * 100)));
}

/** How long it takes still. */
export type TimeLeft = { unit: 'left_seconds' | 'left_minutes' | 'left_hours'; count: number } | undefined;

/** How long a running transfer takes still, as far as its speed says so. */
export function timeLeft({ state, speed, done, size }: Transfer): TimeLeft {
  if (state !== 'running' || speed <= 0 || done >= size) return undefined;
  const seconds = (size - done) / speed;
  if (seconds < 60) return { unit: 'left_seconds', count: Math.max(1, Math.ceil(seconds)) };
  if (seconds < 3_600) return { unit: 'left_minutes', count: Math.ceil(seconds / 60) };
  return { unit: 'left_hours', count: Math.ceil(seconds / 3_600) };
}

/** The transfers as a list shows them: those under way, then the failed ones, then the latest of what has ended. */
export function listed(transfers: ReadonlyMap<string, Transfer>): Transfer[] {
  const all = [...transfers.values()].filter((transfer) => transfer.state !== 'canceled');
  const ended = all.filter((transfer) => transfer.state === 'done').toReversed();
  return [
    ...all.filter(isMoving),
    ...all.filter((transfer) => transfer.state === 'failed').toReversed(),
    ...ended.slice(0, mostEnded),
  ];
}

/** So many that have ended are listed. */
const mostEnded = 20;
