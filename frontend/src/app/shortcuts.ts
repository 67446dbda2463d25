import { useEffect } from 'react';
import { useSession } from '@/bridge/session-context';
import { isComposing } from '@/components/keys';
import { sortRooms } from '@/features/chat/room-list';
import type { NavStore } from './nav';

/** The element that Ctrl+K brings the focus to. */
const roomFilter = '[data-testid="room-filter"]';

/** Whether the conversation hides the list: as main-window.module.css says. */
function isNarrow(): boolean {
  return window.innerWidth < 47.5 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** The keys of the main window. Dialogs and menus handle Esc themselves. */
export function useShortcuts(nav: NavStore): void {
  const session = useSession();
  useEffect(() => {
    function stepRoom(step: number) {
      const rooms = sortRooms([...session.mirror.getState().rooms.values()]);
      const at = rooms.findIndex((room) => room.room_uuid === nav.store.getState().room);
      const next = rooms[at < 0 ? 0 : Math.min(rooms.length - 1, Math.max(0, at + step))];
      if (next) nav.openRoom(next.room_uuid);
    }
    const actions = new Map<string, () => void>([
      [
        'ctrl+KeyK',
        () => {
          if (isNarrow()) nav.store.setState({ room: undefined });
          nav.showTab('chats');
          requestAnimationFrame(() => document.querySelector<HTMLElement>(roomFilter)?.focus());
        },
      ],
      ['ctrl+KeyN', () => nav.showNewChat(true)],
      ['ctrl+Comma', () => nav.showTab('settings')],
      ['alt+ArrowUp', () => stepRoom(-1)],
      ['alt+ArrowDown', () => stepRoom(1)],
    ]);

    function onKeyDown(event: globalThis.KeyboardEvent) {
      if (isComposing(event) || event.shiftKey) return;
      const prefix = event.altKey ? 'alt+' : event.ctrlKey || event.metaKey ? 'ctrl+' : '';
      // By the key's place: with a Korean layout its name is a jamo.
      const action = actions.get(prefix + event.code);
      if (!action || prefix === '') return;
      event.preventDefault();
      action();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [nav, session]);
}
