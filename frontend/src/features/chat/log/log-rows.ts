/** From messages to the rows of a conversation: days, runs of one sender, the mark of what was read. Pure. */
import type { Message } from '@/bridge/types';
import { sameDay } from '@/i18n/time';

/** A message with what stands around it. The separators are part of the row, so that a row's key never moves. */
export interface LogRow {
  key: string;
  message: Message;
  /** The first of its day: the day stands above it. */
  opensDay: boolean;
  /** "You have read up to here" stands above it. */
  opensUnread: boolean;
  /** The first of a run of one sender: name and picture. */
  head: boolean;
  /** The last of a run within one minute: the time. */
  tail: boolean;
}

/** The name by which a row is known from its first keystroke on. Lines of the server have no client_id. */
export function rowKey(message: Message): string {
  return message.client_id || `seq-${message.seq}`;
}

function sameMinute(a: number, b: number): boolean {
  return Math.floor(a / 60_000) === Math.floor(b / 60_000);
}

function sameRun(a: Message, b: Message): boolean {
  return a.kind !== 'system' && b.kind !== 'system' && a.sender_uuid === b.sender_uuid && sameDay(a.at, b.at);
}

/** After this pause name and picture stand again, in milliseconds. */
const pause = 10 * 60_000;

export interface RowsFrom {
  messages: readonly Message[];
  /** Older ones exist: the first row's day may have begun before it. */
  hasMore: boolean;
  /** The last seq that was read when the room was opened; 0 for no mark. */
  readUpTo: number;
}

/** The rows of a conversation, oldest first. */
export function logRows({ messages, hasMore, readUpTo }: RowsFrom): LogRow[] {
  // Where a stretch begins after the mark, the mark is somewhere before it.
  const startsLater = hasMore && (messages[0]?.seq ?? 0) > readUpTo + 1;
  let markLeft = readUpTo > 0 && !startsLater;
  return messages.map((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    const opensDay = before ? !sameDay(before.at, message.at) : !hasMore;
    const opensUnread = markLeft && message.seq > readUpTo && !message.mine;
    if (opensUnread) markLeft = false;
    const continues = before && !opensUnread && sameRun(before, message) && message.at - before.at < pause;
    return {
      key: rowKey(message),
      message,
      opensDay,
      opensUnread,
      head: message.kind !== 'system' && !continues,
      tail: !after || !sameRun(message, after) || !sameMinute(message.at, after.at) || after.state !== 'sent',
    };
  });
}
