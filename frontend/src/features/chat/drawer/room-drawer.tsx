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

const tabs = ['info', 'photo', 'other'] as const;
type Tab = (typeof tabs)[number];

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
  const [tab, setTab] = useState<Tab>('info');
  return (
    <aside className={styles.drawer} aria-label={t('info')} data-testid="room-drawer">
      <header className={styles.head}>
        <h2 className={styles.title}>{t('info')}</h2>
        <IconButton label={t('close_info')} testId="drawer-close" onClick={onClose}>
          <IconX className={styles.icon} aria-hidden="true" />
        </IconButton>
      </header>
      <div className={styles.tabs}>
        <SegmentedControl
          fullWidth
          aria-label={t('info')}
          value={tab}
          data={[
            { value: 'info', label: tf('room.info') },
            { value: 'photo', label: tf('room.photos') },
            { value: 'other', label: tf('room.files') },
          ]}
          onChange={(chosen) => setTab(tabs.find((one) => one === chosen) ?? 'info')}
          data-testid="drawer-tabs"
        />
      </div>
      {tab === 'info' ? (
        <div className={styles.body}>
          <Info room={room} onPerson={onPerson} />
        </div>
      ) : (
        <RoomFiles key={tab} room={room.room_uuid} kind={tab} onJump={onJump} />
      )}
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
