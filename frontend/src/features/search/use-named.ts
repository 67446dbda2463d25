import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Profile, Room } from '@/bridge/types';
import { matcher } from '@/components/hangul-match';
import { roomTitle } from '@/components/names';
import { byName, isColleague, searchPeople } from '@/components/person-search';

const nobody: readonly Profile[] = [];
const nowhere: readonly Room[] = [];

/** The people and rooms whose names a text finds, as Koreans type it. Rooms of two are found as people. */
export function useNamed(text: string): { people: readonly Profile[]; rooms: readonly Room[] } {
  const { t } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const rooms = useMirror((mirror) => mirror.rooms);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  // Typing goes on while a large company is looked through.
  const query = useDeferredValue(text.trim());
  const colleagues = useMemo(() => [...people.values()].filter(isColleague).toSorted(byName), [people]);
  const named = useMemo(() => (query === '' ? nobody : searchPeople(colleagues, query)), [colleagues, query]);
  const titled = useMemo(() => {
    if (query === '') return nowhere;
    const fits = matcher(query);
    return [...rooms.values()]
      .filter((room) => room.kind !== 'direct' && fits(roomTitle(room, people, me, t)))
      .toSorted((a, b) => b.last_at - a.last_at);
  }, [rooms, people, me, query, t]);
  return { people: named, rooms: titled };
}
