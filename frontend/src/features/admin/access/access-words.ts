import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Access } from '@/bridge/types';
import { personName } from '@/components/names';
import { useRoomWords } from '@/features/admin/subject/use-room-words';
import { listTime, shortDay } from '@/i18n/time';

const minute = 60_000;
const hour = 60 * minute;

/** How requests and what they open are told. */
export function useAccessWords() {
  const { t, i18n } = useTranslation('access');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const room = useRoomWords();
  const person = (id: string) => personName(people, id, tc);
  return {
    person,
    picture: (id: string) => people.get(id)?.picture ?? '',
    subject: ({ subject_kind, subject_uuid, subject_name, people: members }: Access) => {
      if (subject_kind === 'person') return t('person_subject', { name: person(subject_uuid) });
      return subject_name === '' ? room({ name: '', members }) : t('room_subject', { name: subject_name });
    },
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
    room,
  };
}
