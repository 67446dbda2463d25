/** The room list's rules: order and filters. Pure. */
import type { Room } from '@/bridge/types';
import { matcher } from '@/components/hangul-match';

/** What the buttons above the list choose. */
export type RoomFilter = 'all' | 'unread' | 'groups';

/** The rooms by last message, newest first; those of one instant in a stable order. */
export function sortRooms(rooms: readonly Room[]): Room[] {
  return rooms.toSorted((a, b) => b.last_at - a.last_at || (a.room_uuid < b.room_uuid ? -1 : 1));
}

export interface FilterBy {
  filter: RoomFilter;
  query: string;
  /** Stays in the list of unread ones though it has just been read: rows don't vanish under the mouse. */
  open: string | undefined;
  title: (room: Room) => string;
}

/** The rooms that the filter and the query leave, in their order. */
export function filterRooms(rooms: readonly Room[], { filter, query, open, title }: FilterBy): Room[] {
  const fits = matcher(query);
  return rooms.filter((room) => {
    if (filter === 'unread' && room.unread_count === 0 && room.room_uuid !== open) return false;
    if (filter === 'groups' && room.kind !== 'group') return false;
    return query === '' || fits(title(room));
  });
}

/** How many rooms have something unread, for the filter's button. */
export function unreadRooms(rooms: readonly Room[]): number {
  return rooms.filter((room) => room.unread_count > 0).length;
}
