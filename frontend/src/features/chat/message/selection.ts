/** The messages that are chosen in a room, for what is done with several at once. */
import { create } from 'zustand';
import type { Message } from '@/bridge/types';

/** So many are forwarded, hidden and copied at once: the core takes no more. */
export const maxChosen = 100;

/** Chosen messages by seq; there are no unsent ones among them. */
export type Chosen = ReadonlyMap<number, Message>;

interface Selection {
  /** The room in which messages are being chosen; '' for none. */
  room: string;
  chosen: Chosen;
  /** The seq that a range starts from. */
  anchor: number;
}

const none: Selection = { room: '', chosen: new Map(), anchor: 0 };
const store = create<Selection>(() => none);

/** What is chosen in a room; undefined while nothing is being chosen there. */
export function useSelection(roomUuid: string): Chosen | undefined {
  return store((held) => (held.room === roomUuid ? held.chosen : undefined));
}

/** Whether messages are being chosen in a room, and whether this one is. For rows. */
export function useChoice(roomUuid: string, seq: number): 'off' | 'chosen' | 'not_chosen' {
  return store((held) => (held.room !== roomUuid ? 'off' : held.chosen.has(seq) ? 'chosen' : 'not_chosen'));
}

/** Reports whether a message can be chosen: it is there for all to see. */
export function isChoosable(message: Message): boolean {
  return message.kind !== 'system' && message.seq > 0 && message.deleted_at === 0;
}

/** Begins to choose, with one message. */
export function startSelection(message: Message): void {
  store.setState({ room: message.room_uuid, chosen: new Map([[message.seq, message]]), anchor: message.seq });
}

/** Nothing is chosen any more. */
export function endSelection(): void {
  store.setState(none);
}

/** Chooses a message, or lets go of it. */
export function toggleChosen(message: Message): void {
  const { chosen } = store.getState();
  const next = new Map(chosen);
  if (!next.delete(message.seq) && next.size < maxChosen) next.set(message.seq, message);
  store.setState({ chosen: next, anchor: message.seq });
}

/** Chooses all that are loaded from the one chosen last to this one. */
export function chooseUpTo(message: Message, loaded: readonly Message[]): void {
  const { chosen, anchor } = store.getState();
  const [from, to] = anchor < message.seq ? [anchor, message.seq] : [message.seq, anchor];
  const next = new Map(chosen);
  for (const one of loaded) {
    if (isChoosable(one) && one.seq >= from && one.seq <= to && next.size < maxChosen) next.set(one.seq, one);
  }
  store.setState({ chosen: next, anchor: message.seq });
}

/** Lets go of what has been deleted meanwhile, and takes what was edited. */
export function keepChosen(loaded: readonly Message[]): void {
  const { chosen } = store.getState();
  const now = new Map(loaded.map((message) => [message.seq, message]));
  const kept = [...chosen].flatMap(([seq, held]) => {
    const message = now.get(seq) ?? held;
    return isChoosable(message) ? [[seq, message] as const] : [];
  });
  const same = kept.length === chosen.size && kept.every(([seq, message]) => chosen.get(seq) === message);
  if (!same) store.setState({ chosen: new Map(kept) });
}

/** The chosen ones, oldest first. */
export function inOrder(chosen: Chosen): Message[] {
  return [...chosen.values()].toSorted((a, b) => a.seq - b.seq);
}

/** Several messages as text, with names and times, as one pastes them into a mail. */
export function asText(
  messages: readonly Message[],
  name: (message: Message) => string,
  time: (at: number) => string,
): string {
  return messages.map((message) => `[${name(message)}] [${time(message.at)}] ${message.text}`).join('\n');
}
