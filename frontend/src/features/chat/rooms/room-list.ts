/** The room list's rules: order and filters. Pure. */
import type { Room } from '@/bridge/types';
import { matcher } from '@/components/hangul-match';

/** What the buttons above the list choose. */
export const roomFilters = ['all', 'unread', 'groups', 'direct', 'favourites'] as const;
export type RoomFilter = (typeof roomFilters)[number];

/** Pinned rooms first, then by last message, newest first; those of one instant in a stable order. */
export function sortRooms(rooms: readonly Room[]): Room[] {
  return rooms.toSorted(
    (a, b) => Number(b.pinned) - Number(a.pinned) || b.last_at - a.last_at || (a.room_uuid < b.room_uuid ? -1 : 1),
  );
}

export interface FilterBy {
  filter: RoomFilter;
  query: string;
  /** Stays in the list of unread ones though it has just been read: rows don't vanish under the mouse. */
  open: string | undefined;
  /** active, away or dnd by user_uuid. */
  presence: ReadonlyMap<string, string>;
  title: (room: Room) => string;
}

const presences = ['active', 'dnd', 'away'];

/** The rooms that the filter and the query leave, in their order; conversations of two by who is there. */
export function filterRooms(rooms: readonly Room[], { filter, query, open, presence, title }: FilterBy): Room[] {
  const fits = matcher(query);
  const left = rooms.filter((room) => {
    if (filter === 'unread' && room.unread_count === 0 && room.room_uuid !== open) return false;
    if (filter === 'groups' && room.kind !== 'group') return false;
    if (filter === 'direct' && room.kind !== 'direct') return false;
    if (filter === 'favourites' && !room.favourite) return false;
    return query === '' || fits(title(room));
  });
  if (filter !== 'direct') return left;
  const rank = (room: Room) => {
    const at = presences.indexOf(presence.get(room.other_uuid) ?? '');
    return at < 0 ? presences.length : at;
  };
  return left.toSorted((a, b) => rank(a) - rank(b)); // stable: within a state by last message
}

/** How many rooms have something unread, for the filter's button. */
export function unreadRooms(rooms: readonly Room[]): number {
  return rooms.filter((room) => room.unread_count > 0).length;
}
