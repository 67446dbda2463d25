import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { Avatar } from '@/components/avatar';
import { personName, personPlace } from '@/components/names';
import styles from './readers-list.module.css';
import type { Readers } from './unread';

export interface ReadersListProps {
  /** Undefined in a room too large to know. */
  readers: Readers | undefined;
}

/** Who has read a message and who has not. */
export function ReadersList({ readers }: ReadersListProps) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const [side, setSide] = useState<'unread' | 'read'>('unread');
  if (!readers) return <p className={styles.none}>{t('readers.large')}</p>;
  const shown = readers[side];
  return (
    <div className={styles.readers} data-testid="readers">
      <SegmentedControl
        fullWidth
        size="xs"
        value={side}
        aria-label={t('readers.title')}
        onChange={(value) => setSide(value === 'read' ? 'read' : 'unread')}
        data={[
          { value: 'unread', label: `${t('readers.unread')} ${readers.unread.length}` },
          { value: 'read', label: `${t('readers.read')} ${readers.read.length}` },
        ]}
      />
      {shown.length === 0 && (
        <p className={styles.none}>{t(side === 'read' ? 'readers.none_read' : 'readers.all_read')}</p>
      )}
      <ul className={styles.list}>
        {shown.map((uuid) => (
          <li key={uuid} className={styles.person}>
            <Avatar face={{ id: uuid, name: personName(people, uuid, tc) }} size="tiny" />
            {personName(people, uuid, tc)}
            <span className={styles.place}>{personPlace(people.get(uuid))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
