/** "Not read by n": the number beside a message (protocol.md, Words). Pure. */
import type { Message, Reads } from '@/bridge/types';

/** Who has read a message and who has not, by user_uuid. */
export interface Readers {
  read: string[];
  unread: string[];
}

/**
 * How far each sender has read by having sent, or by having done what the server's own line tells of: no event says so. In a room of more than 100 people the server's
 * histogram counts that itself.
 */
function sentUpTo(messages: readonly Message[]): Map<string, number> {
  const sent = new Map<string, number>();
  for (const { sender_uuid, seq } of messages) {
    if (seq > (sent.get(sender_uuid) ?? 0)) sent.set(sender_uuid, seq);
  }
  return sent;
}

/** Returns the function from seq to the number of present members who joined before it and have not read it. */
export function unreadCounter(reads: Reads, messages: readonly Message[]): (seq: number) => number {
  if (!reads.known) return () => 0;
  if (reads.histogram.length > 0) return histogramCounter(reads.histogram);
  const sent = sentUpTo(messages);
  // joined < s and read < s is the same as max(joined, read) < s: a sorted list answers by bisection.
  const marks = reads.members
    .map(({ user_uuid, joined_seq, last_read_seq }) => Math.max(joined_seq, last_read_seq, sent.get(user_uuid) ?? 0))
    .toSorted((a, b) => a - b);
  return (seq) => (seq > 0 ? firstNotBelow(marks, seq) : 0);
}

function firstNotBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function histogramCounter(histogram: readonly (readonly number[])[]): (seq: number) => number {
  const pairs = histogram.map(([at = 0, count = 0]) => ({ at, count })).toSorted((a, b) => a.at - b.at);
  const cursors = pairs.map(({ at }) => at);
  const upTo = [0];
  for (const { count } of pairs) upTo.push((upTo.at(-1) ?? 0) + count);
  return (seq) => (seq > 0 ? (upTo[firstNotBelow(cursors, seq)] ?? 0) : 0);
}

/** Who has read the message with a seq, but for its sender. Undefined in a room too large to know. */
export function readersOf(reads: Reads, messages: readonly Message[], message: Message): Readers | undefined {
  if (!reads.known || reads.histogram.length > 0) return undefined;
  const sent = sentUpTo(messages);
  const readers: Readers = { read: [], unread: [] };
  for (const { user_uuid, joined_seq, last_read_seq } of reads.members) {
    if (user_uuid === message.sender_uuid || joined_seq >= message.seq) continue;
    const cursor = Math.max(last_read_seq, sent.get(user_uuid) ?? 0);
    (cursor < message.seq ? readers.unread : readers.read).push(user_uuid);
  }
  return readers;
}
