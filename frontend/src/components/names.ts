import type { TFunction } from 'i18next';
import type { Profile, Room } from '@/bridge/types';
import type { Face } from './avatar';

/** People by user_uuid. */
export type People = ReadonlyMap<string, Profile>;

/** A person's name, or what to say for somebody who isn't in the directory. */
export function personName(people: People, uuid: string, t: TFunction): string {
  return people.get(uuid)?.name ?? t('unknown_person');
}

/** How a person is drawn. */
export function faceOf(person: Pick<Profile, 'user_uuid' | 'name' | 'picture' | 'bot' | 'icon'>): Face {
  return { id: person.user_uuid, name: person.name, picture: person.picture ?? '', ...botOf(person) };
}

function botOf(person: Pick<Profile, 'bot' | 'icon'> | undefined): Pick<Face, 'bot' | 'icon'> {
  return person?.bot ? { bot: true, icon: person.icon ?? '' } : {};
}

/** How somebody of whom only the id is sure is drawn; the name is that which stands beside it. */
export function namedFace(people: People, uuid: string, name: string): Face {
  const person = people.get(uuid);
  return { id: uuid, name, picture: person?.picture ?? '', ...botOf(person) };
}

/** 개발1팀 · 과장: where somebody works, for the line behind the name. */
export function personPlace(person: Profile | undefined): string {
  if (!person) return '';
  return [person.department, person.position || person.grade].filter((part) => part !== '').join(' · ');
}

/** What a room is called for this reader: its name, the other person, or the members. */
export function roomTitle(room: Room, people: People, me: string, t: TFunction): string {
  if (room.kind === 'self') return t('self_room');
  if (room.kind === 'direct') return personName(people, room.other_uuid, t);
  if (room.name !== '') return room.name;
  const others = room.members.filter((uuid) => uuid !== me);
  if (others.length === 0) return t('empty_group');
  return others
    .slice(0, 4)
    .map((uuid) => personName(people, uuid, t))
    .join(', ');
}

/** Those who stand for a room in its picture: the other person, oneself, or the first members but oneself. */
export function roomFaces(room: Room, people: People, me: string, t: TFunction): Face[] {
  const face = (id: string) => namedFace(people, id, personName(people, id, t));
  if (room.kind === 'direct') return [face(room.other_uuid)];
  if (room.kind === 'self') return [face(me)];
  const others = room.members.filter((uuid) => uuid !== me);
  return (others.length === 0 ? [me] : others).slice(0, 4).map(face);
}
