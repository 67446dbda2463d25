import { create } from 'zustand';
import type { Message } from '@/bridge/types';

/** What the composer of a room is asked to do besides writing something new. */
export interface ComposeIntent {
  /** The message that the next one answers. */
  reply?: Message;
  /** The own message whose text is being changed. */
  edit?: Message;
}

interface Intents {
  rooms: ReadonlyMap<string, ComposeIntent>;
}

const none: ComposeIntent = {};

const store = create<Intents>(() => ({ rooms: new Map() }));

/** What the composer of a room is asked to do; the component renders again when that changes. */
export function useComposeIntent(roomUuid: string): ComposeIntent {
  return store((held) => held.rooms.get(roomUuid) ?? none);
}

/** The same, once: for handlers. */
export function composeIntent(roomUuid: string): ComposeIntent {
  return store.getState().rooms.get(roomUuid) ?? none;
}

/** Asks the composer of the message's room to answer it. Ends an edit: one thing at a time. */
export function replyTo(message: Message): void {
  set(message.room_uuid, { reply: message });
}

/** Asks the composer of the message's room to change it. */
export function editMessage(message: Message): void {
  set(message.room_uuid, { edit: message });
}

/** The composer is to write something new: the answer was sent, the edit saved, or the user gave it up. */
export function clearIntent(roomUuid: string): void {
  set(roomUuid, none);
}

function set(roomUuid: string, intent: ComposeIntent) {
  const rooms = new Map(store.getState().rooms);
  if (intent.reply || intent.edit) rooms.set(roomUuid, intent);
  else rooms.delete(roomUuid);
  store.setState({ rooms });
}
