/** Reactions that show at once what was pressed, while the server is still being asked. */
import { create } from 'zustand';
import type { Message, Reaction } from '@/bridge/types';

/** A press that the message doesn't show yet. */
export interface PendingReaction {
  emoji: string;
  on: boolean;
  /** The message's rev when it was pressed. */
  rev: number;
  /** The server has taken it; the message follows. */
  taken: boolean;
}

const store = create<ReadonlyMap<number, readonly PendingReaction[]>>(() => new Map());
const none: readonly PendingReaction[] = [];

/** The reactions of a message as the user expects them. */
export function useReactions(message: Message, me: string): Reaction[] {
  const pending = store((held) => held.get(message.message_id) ?? none);
  return expected(message, pending, me);
}

/** The same, once: for handlers. */
export function expectedNow(message: Message, me: string): Reaction[] {
  return expected(message, store.getState().get(message.message_id) ?? none, me);
}

/** The reactions after those presses that the message doesn't show yet. Pure. */
export function expected(message: Message, pending: readonly PendingReaction[], me: string): Reaction[] {
  let reactions = message.reactions;
  for (const { emoji, on, rev, taken } of pending) {
    if (taken && message.rev !== rev) continue;
    reactions = pressed(reactions, { emoji, on, me });
  }
  return reactions;
}

function pressed(held: Reaction[], press: { emoji: string; on: boolean; me: string }): Reaction[] {
  const { emoji, on, me } = press;
  const known = held.some((one) => one.emoji === emoji);
  const next = known || !on ? held : [...held, { emoji, user_uuids: [], mine: false }];
  return next
    .map((one) => (one.emoji === emoji ? withMine(one, on, me) : one))
    .filter((one) => one.user_uuids.length > 0);
}

function withMine(held: Reaction, on: boolean, me: string): Reaction {
  const others = held.user_uuids.filter((user) => user !== me);
  return { ...held, user_uuids: on ? [...others, me] : others, mine: on };
}

function change(id: number, how: (held: readonly PendingReaction[]) => readonly PendingReaction[]) {
  const next = new Map(store.getState());
  const pending = how(next.get(id) ?? none);
  if (pending.length > 0) next.set(id, pending);
  else next.delete(id);
  store.setState(next, true);
}

/**
 * Sets or clears a reaction: shown at once, taken back if it is refused. Rejects then, for a toast. A second press on the
 * same emoji counts from what the first one showed.
 */
export async function react(
  call: (messageId: number, emoji: string, on: boolean) => Promise<void>,
  message: Message,
  press: { emoji: string; on: boolean },
): Promise<void> {
  const { message_id: id, rev } = message;
  const mine: PendingReaction = { ...press, rev, taken: false };
  const live = (one: PendingReaction) => one.emoji !== press.emoji && !(one.taken && one.rev !== rev);
  change(id, (held) => [...held.filter(live), mine]);
  try {
    await call(id, press.emoji, press.on);
    change(id, (held) => held.map((one) => (one === mine ? { ...mine, taken: true } : one)));
  } catch (error) {
    change(id, (held) => held.filter((one) => one !== mine));
    throw error;
  }
}

const usual = ['👍', '❤️', '😂', '👏', '🙏', '✅'];

/** Six emoji to react with at once: the ones used last, then the usual ones. */
export function quickEmoji(recent: readonly string[]): string[] {
  return [...new Set([...recent.slice(0, 3), ...usual])].slice(0, usual.length);
}
