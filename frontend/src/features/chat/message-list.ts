/** How changes come into the messages that a conversation holds. Pure. */
import type { Message, MessageChange } from '@/bridge/types';
import { rowKey } from './log-rows';

/** Sent ones by seq, then unsent ones in the order of writing. */
function inOrder(a: Message, b: Message): number {
  if (a.seq > 0 && b.seq > 0) return a.seq - b.seq;
  if (a.seq > 0 || b.seq > 0) return a.seq > 0 ? -1 : 1;
  return a.at - b.at;
}

/** Reports whether what is held is newer than what comes: replies and events overtake each other. */
function isNewer(held: Message, coming: Message): boolean {
  if (held.seq > 0 && coming.seq === 0) return true;
  return held.seq > 0 && held.rev > coming.rev;
}

/**
 * The messages after a change; each stands once, whatever is repeated. What lies before the first held one stays out
 * while older ones exist: it comes with its page.
 */
export function applyChange(held: readonly Message[], change: MessageChange, hasMore: boolean): Message[] {
  const removed = new Set(change.removed);
  const byKey = new Map(held.filter((message) => !removed.has(message.client_id)).map((one) => [rowKey(one), one]));
  const first = held.find((message) => message.seq > 0)?.seq ?? 0;
  for (const coming of change.changed) {
    const key = rowKey(coming);
    const known = byKey.get(key);
    if (known ? isNewer(known, coming) : hasMore && coming.seq > 0 && coming.seq < first) continue;
    byKey.set(key, coming);
  }
  return [...byKey.values()].toSorted(inOrder);
}

/** The messages with an older page before them; overlaps are harmless. */
export function prepend(held: readonly Message[], page: readonly Message[]): Message[] {
  const known = new Set(held.map(rowKey));
  return [...page.filter((message) => !known.has(rowKey(message))), ...held];
}

/** The seq of the oldest message that is held, to ask for what is before it. */
export function oldestSeq(held: readonly Message[]): number {
  return held.find((message) => message.seq > 0)?.seq ?? 0;
}

/** The highest seq that is held. */
export function newestSeq(held: readonly Message[]): number {
  return held.findLast((message) => message.seq > 0)?.seq ?? 0;
}
