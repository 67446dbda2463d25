import { create } from 'zustand';
import type { Draft, Message } from '@/bridge/types';

/** An own message while its text is being changed. */
export interface Edit {
  message: Message;
  draft: Draft;
  /** The rev that was read; 0 after a conflict: then the editor has been told, and wins. */
  baseRev: number;
}

/** What the composer of a room is asked to do besides writing something new. */
export interface ComposeIntent {
  /** The message that the next one answers. */
  reply?: Message;
  /** The own message whose text is being changed. */
  edit?: Message;
  /** How far its change had come when the room was left. */
  kept?: Edit;
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

/** The room is left in the middle of an edit: it goes on when the room is opened again. */
export function keepEdit(roomUuid: string, kept: Edit): void {
  if (composeIntent(roomUuid).edit === kept.message) set(roomUuid, { edit: kept.message, kept });
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
