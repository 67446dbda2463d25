import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Access, AccessRoom } from '@/bridge/types';
import { personName } from '@/components/names';
import { listTime, shortDay } from '@/i18n/time';

const minute = 60_000;
const hour = 60 * minute;

/** How requests and what they open are told. */
export function useAccessWords() {
  const { t, i18n } = useTranslation('access');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const rooms = useMirror((mirror) => mirror.rooms);
  const person = (id: string) => personName(people, id, tc);
  return {
    person,
    picture: (id: string) => people.get(id)?.picture ?? '',
    subject: ({ subject_kind, subject_uuid }: Access) =>
      subject_kind === 'person'
        ? t('person_subject', { name: person(subject_uuid) })
        : t('room_subject', { name: rooms.get(subject_uuid)?.name || t('unknown_room') }),
    /** The last day is in it. */
    period: ({ from, to }: Access) =>
      t('period', { from: shortDay(i18n.language, from), to: shortDay(i18n.language, to - 1) }),
    when: (at: number, now: number) => listTime(i18n.language, at, now, tc('yesterday')),
    left: (until: number, now: number) => {
      const rest = Math.max(until - now, 0);
      const time =
        rest >= hour
          ? t('hours', { count: Math.floor(rest / hour) })
          : t('minutes', { count: Math.ceil(rest / minute) });
      return t('left', { time });
    },
    room: ({ kind, name, members }: AccessRoom) => {
      if (name !== '') return name;
      if (kind === 'self') return t('self_room');
      return t('direct_with', { names: members.slice(0, 4).map(person).join(', ') });
    },
  };
}
