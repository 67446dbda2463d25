/** Where the quick switcher leads: rooms and people that a query finds. Pure. */
import type { Profile, Room } from '@/bridge/types';
import { matcher } from '@/components/hangul-match';
import { isColleague, searchPeople } from '@/components/person-search';
import { sortRooms } from './room-list';

/** A room to open, or a person whose conversation is opened. */
export type SwitchTarget = { kind: 'room'; room: Room } | { kind: 'person'; person: Profile };

/** How many of each kind are shown. */
const most = 20;

export interface TargetsFrom {
  query: string;
  rooms: readonly Room[];
  people: readonly Profile[];
  me: string;
  /** The open room: one is there already. */
  open: string | undefined;
  titleOf: (room: Room) => string;
}

/** Rooms first, the latest on top; then people with whom there is no conversation among those rooms. */
export function switchTargets({ query, rooms, people, me, open, titleOf }: TargetsFrom): SwitchTarget[] {
  const asked = query.trim() !== '';
  const fits = matcher(query);
  const found = sortRooms(rooms)
    .filter((room) => (asked ? fits(titleOf(room)) : room.room_uuid !== open))
    .slice(0, most);
  const shown = new Set(found.map((room) => (room.kind === 'self' ? me : room.other_uuid)));
  const others = asked ? searchPeople(people.filter(isColleague), query) : [];
  return [
    ...found.map((room) => ({ kind: 'room' as const, room })),
    ...others
      .filter((person) => !shown.has(person.user_uuid))
      .slice(0, most)
      .map((person) => ({ kind: 'person' as const, person })),
  ];
}
