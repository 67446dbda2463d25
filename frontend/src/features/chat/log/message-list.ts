/** A stretch of a conversation without holes, and how changes and pages come into it. Pure. */
import type { Message, MessageChange, Page } from '@/bridge/types';
import { rowKey } from './log-rows';

/** A stretch holds no more messages than this; what is added at one side is let go of at the other. */
export const longestStretch = 2_000;

/** What is held for a reader who only sees what comes, and how many more may gather before the oldest are let go of. */
export const liveStretch = 300;
const liveSlack = 100;

/**
 * What is held of a room: all that the reader may see from firstSeq to lastSeq (0, 0: nothing yet), oldest first. Unsent
 * messages come last, and only where the stretch reaches the room's end.
 */
export interface Stretch {
  messages: readonly Message[];
  firstSeq: number;
  lastSeq: number;
  /** There are older ones. */
  hasMore: boolean;
  /** There are newer ones: the stretch is detached from the end, and what comes live stays out of it. */
  hasNewer: boolean;
}

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

/** Reports whether a message that is not held has its place in the stretch; else it comes with its page. */
function belongs({ firstSeq, lastSeq, hasMore, hasNewer }: Stretch, { seq }: Message): boolean {
  if (seq === 0 || seq > lastSeq) return !hasNewer;
  return seq >= firstSeq || !hasMore;
}

/** The stretch after a change; each message stands once, whatever is repeated. */
export function applyChange(held: Stretch, change: MessageChange): Stretch {
  const removed = new Set(change.removed);
  const byKey = new Map(
    held.messages.filter((message) => !removed.has(message.client_id)).map((one) => [rowKey(one), one]),
  );
  let { lastSeq } = held;
  for (const coming of change.changed) {
    const key = rowKey(coming);
    const known = byKey.get(key);
    if (known ? isNewer(known, coming) : !belongs(held, coming)) continue;
    byKey.set(key, coming);
    lastSeq = Math.max(lastSeq, coming.seq);
  }
  return withoutOldest({ ...held, messages: [...byKey.values()].toSorted(inOrder), lastSeq });
}

/** The stretch with an older page before it; overlaps are harmless. */
export function withOlder(held: Stretch, page: Page): Stretch {
  const known = new Set(held.messages.map(rowKey));
  const added = page.messages.filter((message) => !known.has(rowKey(message)));
  return withoutNewest({
    ...held,
    messages: [...added, ...held.messages],
    firstSeq: page.first_seq || held.firstSeq,
    hasMore: page.has_more,
  });
}

/** The stretch with a newer page after it. `newest` is the highest seq that is known of the room. */
export function withNewer(held: Stretch, page: Page, newest: number): Stretch {
  const known = new Set(held.messages.map(rowKey));
  const added = page.messages.filter((message) => !known.has(rowKey(message)));
  const lastSeq = Math.max(held.lastSeq, page.last_seq);
  // What came live while the page was on its way is in no page yet; what is unsent stands after it.
  const hasNewer = page.has_more || newest > lastSeq;
  const messages = [...held.messages, ...added].filter((message) => !hasNewer || message.seq > 0);
  return withoutOldest({ ...held, messages, lastSeq, hasNewer });
}

/** The stretch of a reader at the room's end: what was said hours ago is loaded again when he goes back to it. */
export function live(held: Stretch): Stretch {
  return held.messages.length > liveStretch + liveSlack ? cutTo(liveStretch, held) : held;
}

function withoutOldest(held: Stretch): Stretch {
  return held.messages.length > longestStretch ? cutTo(longestStretch, held) : held;
}

function cutTo(length: number, held: Stretch): Stretch {
  const kept = held.messages.slice(-length);
  return { ...held, messages: kept, firstSeq: kept[0]?.seq ?? 0, hasMore: true };
}

function withoutNewest(held: Stretch): Stretch {
  const { messages } = held;
  if (messages.length <= longestStretch) return held;
  const kept = messages.slice(0, longestStretch).filter((message) => message.seq > 0);
  return { ...held, messages: kept, lastSeq: kept.at(-1)?.seq ?? 0, hasNewer: true };
}
