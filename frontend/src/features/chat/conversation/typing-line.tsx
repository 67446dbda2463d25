import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { personName } from '@/components/names';
import styles from './typing-line.module.css';

export interface TypingLineProps {
  room: Room;
}

/** Who is typing. The line keeps its height when nobody is: nothing shifts. */
export function TypingLine({ room }: TypingLineProps) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const typists = useMirror((mirror) => mirror.typing.get(room.room_uuid));
  const [first] = typists?.keys() ?? [];
  return (
    <p className={styles.line} data-testid="typing">
      {typists && first !== undefined
        ? typists.size === 1
          ? t('composer.typing_one', { name: personName(people, first, tc) })
          : t('composer.typing_many', { count: typists.size })
        : ''}
    </p>
  );
}
