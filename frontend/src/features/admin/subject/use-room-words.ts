import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { personName } from '@/components/names';

/** So many people name a room that has no name. */
const mostNamed = 4;

interface NamedRoom {
  name: string;
  /** The user_uuids of the first ones. */
  members: readonly string[];
}

/** What a room is called for those who are not in it: its name, or its people. */
export function useRoomWords(): (room: NamedRoom) => string {
  const { t } = useTranslation('admin');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  return ({ name, members }) => {
    if (name !== '') return name;
    const [first] = members;
    if (first === undefined) return t('subject.unknown_room');
    if (members.length === 1) return t('subject.self_of', { name: personName(people, first, tc) });
    const names = members.slice(0, mostNamed).map((uuid) => personName(people, uuid, tc));
    return t('subject.room_of', { names: names.join(', ') });
  };
}
