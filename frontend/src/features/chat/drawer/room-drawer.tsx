import { SegmentedControl } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { IconButton } from '@/components/icon-button';
import { personPlace, roomFaces, roomTitle } from '@/components/names';
import { RoomAvatar } from '@/components/room-avatar';
import { GroupSettings } from './group-settings';
import { MemberSection } from './member-section';
import { MySettings } from './my-settings';
import { RoomFiles } from './room-files';
import styles from './room-drawer.module.css';

export interface RoomDrawerProps {
  room: Room;
  onClose: () => void;
  onPerson: (person: string) => void;
  /** Shows a message of the room. */
  onJump: (seq: number) => void;
}

/**
 * What a room is: its picture and name, my own settings of it, its members, and for owners what they may change;
 * and all its photos and files.
 */
export function RoomDrawer({ room, onClose, onPerson, onJump }: RoomDrawerProps) {
  const { t } = useTranslation('room');
  const { t: tf } = useTranslation('file');
  const [tab, setTab] = useState<'info' | 'files'>('info');
  return (
    <aside className={styles.drawer} aria-label={t('info')} data-testid="room-drawer">
      <header className={styles.head}>
        <h2 className={styles.title}>{t('info')}</h2>
        <IconButton label={t('close_info')} testId="drawer-close" onClick={onClose}>
          <IconX className={styles.icon} aria-hidden="true" />
        </IconButton>
      </header>
      <div className={styles.body}>
        <SegmentedControl
          fullWidth
          mb="md"
          aria-label={t('info')}
          value={tab}
          data={[
            { value: 'info', label: tf('room.info') },
            { value: 'files', label: tf('room.both') },
          ]}
          onChange={(chosen) => setTab(chosen === 'files' ? 'files' : 'info')}
          data-testid="drawer-tabs"
        />
        {tab === 'files' ? (
          <RoomFiles room={room.room_uuid} onJump={onJump} />
        ) : (
          <Info room={room} onPerson={onPerson} />
        )}
      </div>
    </aside>
  );
}

function Info({ room, onPerson }: Pick<RoomDrawerProps, 'room' | 'onPerson'>) {
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const other = people.get(room.other_uuid);
  return (
    <>
      <div className={styles.who}>
        <RoomAvatar
          kind={room.kind}
          picture={room.picture}
          size="huge"
          faces={roomFaces(room, people, me, tc)}
          memberCount={room.member_count}
        />
        <p className={styles.name}>
          <bdi>{roomTitle(room, people, me, tc)}</bdi>
        </p>
        {room.kind === 'direct' && <p className={styles.place}>{personPlace(other)}</p>}
      </div>
      <MySettings room={room} />
      {room.kind === 'group' && <GroupSettings room={room} owner={room.role === 'owner'} />}
      {room.kind !== 'self' && <MemberSection room={room} onPerson={onPerson} />}
    </>
  );
}
