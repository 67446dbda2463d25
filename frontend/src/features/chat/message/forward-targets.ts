/** Where messages can be forwarded to: rooms, and colleagues with whom there is none yet. Pure. */
import type { TFunction } from 'i18next';
import type { Profile, Room } from '@/bridge/types';
import type { Face } from '@/components/avatar';
import { matcher } from '@/components/hangul-match';
import { personPlace, roomFaces, roomTitle, type People } from '@/components/names';
import { byName, isColleague, searchPeople } from '@/components/person-search';
import { sortRooms } from '@/features/chat/rooms/room-list';

/** So many at once; the core takes no more. */
export const maxTargets = 20;

/** A room, or a person with whom one has to be opened first. */
export interface ForwardTarget {
  kind: 'room' | 'person';
  id: string;
  name: string;
  /** Department and position, or how many there are. */
  detail: string;
  roomKind: string;
  faces: Face[];
  memberCount: number;
}

export interface TargetsFrom {
  rooms: readonly Room[];
  people: People;
  me: { user_uuid: string; is_admin: boolean };
  tc: TFunction;
}

/** All targets: the rooms as the list of rooms has them, then the other colleagues by name. */
export function forwardTargets({ rooms, people, me, tc }: TargetsFrom): ForwardTarget[] {
  const usable = rooms.filter((room) => canWrite(room, people, me.is_admin));
  const met = new Set(rooms.filter((room) => room.kind === 'direct').map((room) => room.other_uuid));
  const strangers = [...people.values()].filter(
    (person) => person.user_uuid !== me.user_uuid && !met.has(person.user_uuid) && isColleague(person),
  );
  return [
    ...sortRooms(usable).map((room) => ({
      kind: 'room' as const,
      id: room.room_uuid,
      name: roomTitle(room, people, me.user_uuid, tc),
      detail:
        room.kind === 'direct'
          ? personPlace(people.get(room.other_uuid))
          : room.kind === 'self'
            ? ''
            : tc('person_count', { count: room.member_count }),
      roomKind: room.kind,
      faces: roomFaces(room, people, me.user_uuid, tc),
      memberCount: room.member_count,
    })),
    ...strangers.toSorted(byName).map((person) => ({
      kind: 'person' as const,
      id: person.user_uuid,
      name: person.name,
      detail: personPlace(person),
      roomKind: 'direct',
      faces: [{ id: person.user_uuid, name: person.name }],
      memberCount: 2,
    })),
  ];
}

function canWrite(room: Room, people: People, isAdmin: boolean): boolean {
  if (room.kind === 'notice') return isAdmin;
  if (room.kind !== 'direct') return true;
  const other = people.get(room.other_uuid);
  return other === undefined || isColleague(other);
}

/** The targets that a query finds: rooms by name, people by all that person search knows. */
export function findTargets(targets: readonly ForwardTarget[], people: People, query: string): ForwardTarget[] {
  if (query.trim() === '') return [...targets];
  const fits = matcher(query);
  const asPeople = targets.flatMap((target) => {
    const person = target.roomKind === 'direct' ? people.get(target.faces[0]?.id ?? '') : undefined;
    return person ? [person] : [];
  });
  const found = new Set(searchPeople(asPeople, query).map((person: Profile) => person.user_uuid));
  const byTitle = (target: ForwardTarget) => fits(target.name);
  const others = targets.filter(
    (target) => !byTitle(target) && found.has(target.faces[0]?.id ?? '') && target.roomKind === 'direct',
  );
  return [...targets.filter(byTitle), ...others];
}
