import { useEffect } from 'react';
import type { Session } from '@/bridge/session';
import { useSession } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { isComposing } from '@/components/keys';
import { sortRooms } from '@/features/chat/rooms/room-list';
import type { NavStore } from './nav';

/** What hides the rest and has Esc for itself. */
const above = '[role="dialog"], [role="menu"], [role="listbox"]';

/** The keys of the main window. Dialogs, menus and fields handle their own first. */
export function useShortcuts(nav: NavStore): void {
  const session = useSession();
  useEffect(() => {
    const actions = shortcuts(nav, session);
    function onKeyDown(event: globalThis.KeyboardEvent) {
      if (isComposing(event) || event.defaultPrevented) return;
      const action = actions.get(combination(event));
      if (action?.(event) !== true) return;
      event.preventDefault();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [nav, session]);
}

/** A key by its place, with what is held: with a Korean layout the name of a letter's key is a jamo. */
export function combination(
  event: Pick<KeyboardEvent, 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'code'>,
): string {
  const held = [event.ctrlKey || event.metaKey ? 'ctrl' : '', event.altKey ? 'alt' : '', event.shiftKey ? 'shift' : ''];
  return [...held.filter(Boolean), event.code].join('+');
}

/** Does something and returns true, or leaves the key to others. */
type Action = (event: globalThis.KeyboardEvent) => boolean;

function done(act: () => void): Action {
  return () => {
    act();
    return true;
  };
}

/** Each shortcut by its combination. */
export function shortcuts(nav: NavStore, session: Session): ReadonlyMap<string, Action> {
  return new Map<string, Action>([
    ['ctrl+KeyK', done(() => nav.showAbove('switcher'))],
    ['ctrl+KeyF', done(() => nav.openRoomSearch())],
    ['ctrl+shift+KeyF', done(() => nav.openSearch())],
    ['ctrl+KeyN', done(() => nav.showAbove('new_chat'))],
    ['ctrl+KeyO', () => pressAttach()],
    ['ctrl+Slash', done(() => nav.showAbove('shortcuts'))],
    ['ctrl+Comma', done(() => nav.showTab('settings'))],
    ['ctrl+KeyL', done(() => void session.bridge.lock().catch(() => undefined))], // it fails only for nobody's session
    ['alt+ArrowUp', done(() => step(nav, session, -1, () => true))],
    ['alt+ArrowDown', done(() => step(nav, session, 1, () => true))],
    ['alt+shift+ArrowUp', done(() => step(nav, session, -1, (room) => room.unread_count > 0))],
    ['alt+shift+ArrowDown', done(() => step(nav, session, 1, (room) => room.unread_count > 0))],
    ['Escape', (event) => markRead(nav, session, event)],
  ]);
}

/** Chooses files for the open room; its own button knows whether any can be sent there now. */
function pressAttach(): boolean {
  if (document.querySelector(above)) return false;
  document.querySelector<HTMLElement>('[data-testid="composer-attach"]')?.click();
  return true;
}

/** Opens the next room of the list, up or down, that fits. */
function step(nav: NavStore, session: Session, by: 1 | -1, fits: (room: Room) => boolean) {
  const rooms = sortRooms([...session.mirror.getState().rooms.values()]);
  const at = rooms.findIndex((room) => room.room_uuid === nav.store.getState().room);
  const before = at < 0 ? [] : rooms.slice(0, at).toReversed();
  const next = (by > 0 ? rooms.slice(at + 1) : before).find(fits);
  if (next) nav.openRoom(next.room_uuid);
}

/** Esc with nothing left to close: the open room counts as read. */
function markRead(nav: NavStore, session: Session, event: globalThis.KeyboardEvent): boolean {
  const { room, tab } = nav.store.getState();
  const held = room === undefined ? undefined : session.mirror.getState().rooms.get(room);
  const closesSomething = document.querySelector(above) !== null || event.target instanceof HTMLInputElement;
  if (!held || tab !== 'chats' || held.unread_count === 0 || closesSomething) return false;
  session.bridge.markRead(held.room_uuid).catch(() => undefined); // it stays unread, and shows so
  return true;
}
