import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { matcher } from '@/components/hangul-match';
import { isColleague } from '@/components/person-search';
import type { Mentionable } from './mention-query';

/** How many are offered at a time; a longer name finds the others. */
const most = 50;
/** Pages of members that are asked for at most: as many as the largest room has. */
const maxPages = 40;

/** Whom a message of a room can mention: its members but oneself, and everybody where one may call everybody. */
export function useMentionables(room: Room, query: string | undefined): readonly Mentionable[] {
  const { t } = useTranslation('compose');
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me);
  const asked = query !== undefined && room.kind !== 'direct' && room.kind !== 'self';
  const members = useAllMembers(room, asked);
  return useMemo(() => {
    if (!asked) return [];
    const fits = matcher(query);
    const found = members
      .flatMap((userUuid) => people.get(userUuid) ?? [])
      .filter((person) => person.user_uuid !== me?.user_uuid && isColleague(person) && fits(person.name))
      .toSorted((a, b) => rank(a.name, query) - rank(b.name, query) || a.name.localeCompare(b.name, 'ko'))
      .slice(0, most)
      .map((person) => ({ userUuid: person.user_uuid, name: person.name }));
    const callsAll = room.kind === 'notice' ? (me?.is_admin ?? false) : room.role === 'owner';
    const all = t('mention.all');
    return callsAll && fits(all) ? [...found, { userUuid: '', name: all }] : found;
  }, [asked, query, members, people, me, room.kind, room.role, t]);
}

/** Names that begin with what was typed come first. */
function rank(name: string, query: string): number {
  return name.startsWith(query) ? 0 : 1;
}

/** All members: those of the room's summary, or of a large room those that the server lists, once somebody asks. */
function useAllMembers(room: Room, asked: boolean): readonly string[] {
  const bridge = useBridge();
  const { room_uuid: roomUuid, member_count: count } = room;
  const [loaded, setLoaded] = useState<{ count: number; members: string[] }>();
  const incomplete = room.members.length < count;
  const fresh = loaded?.count === count;
  useEffect(() => {
    if (!asked || !incomplete || fresh) return undefined;
    let gone = false;
    async function load(before: readonly string[], after: string, pages: number) {
      const reply = await bridge.roomMembers(roomUuid, after);
      if (gone) return;
      const members = [...before, ...reply.members.map((member) => member.user_uuid)];
      if (reply.next === '' || pages >= maxPages) setLoaded({ count, members });
      else await load(members, reply.next, pages + 1);
    }
    load([], '', 1).catch(() => undefined); // offline: those of the summary are offered, and the next question asks again
    return () => {
      gone = true;
    };
  }, [bridge, roomUuid, count, asked, incomplete, fresh]);
  return fresh ? loaded.members : room.members;
}
