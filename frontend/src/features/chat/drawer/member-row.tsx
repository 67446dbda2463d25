import { Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror, usePersonPresence } from '@/bridge/session-context';
import type { Member, Room } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { IconButton } from '@/components/icon-button';
import { namedFace, personName, personPlace } from '@/components/names';
import { useTask } from '@/components/use-task';
import { useTold } from '@/features/chat/rooms/use-room-actions';
import styles from './member-row.module.css';

export interface MemberRowProps {
  room: Room;
  member: Member;
  onPerson: (person: string) => void;
}

/** A member with what an owner may do about him. */
export function MemberRow({ room, member, onPerson }: MemberRowProps) {
  const { t } = useTranslation('room');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const presence = usePersonPresence(member.user_uuid);
  const [removing, setRemoving] = useState(false);
  const uuid = member.user_uuid;
  const name = personName(people, uuid, tc);
  const managed = room.kind === 'group' && room.department_uuid === '' && room.role === 'owner' && uuid !== me;
  return (
    <li className={styles.row} data-testid="member" data-user={uuid}>
      <button type="button" className={styles.person} onClick={() => onPerson(uuid)}>
        <Avatar face={namedFace(people, uuid, name)} size="small" presence={presence} />
        <span className={styles.text}>
          <span className={styles.name}>
            <bdi>{name}</bdi>
            {uuid === me && <span className={styles.tag}>{t('me')}</span>}
            {member.role === 'owner' && <span className={styles.tag}>{t('owner')}</span>}
          </span>
          <span className={styles.place}>{personPlace(people.get(uuid))}</span>
        </span>
      </button>
      {managed && <MemberMenu room={room} member={member} name={name} onRemove={() => setRemoving(true)} />}
      {removing && <RemoveDialog room={room} uuid={uuid} name={name} onClose={() => setRemoving(false)} />}
    </li>
  );
}

interface MemberMenuProps {
  room: Room;
  member: Member;
  name: string;
  onRemove: () => void;
}

function MemberMenu({ room, member, name, onRemove }: MemberMenuProps) {
  const { t } = useTranslation('room');
  const bridge = useBridge();
  const told = useTold();
  const owner = member.role === 'owner';
  const role = owner ? 'member' : 'owner';
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton label={t('member_menu', { name })} testId="member-menu">
          <IconDotsVertical className={styles.icon} aria-hidden="true" />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          data-testid="member-role"
          onClick={() => told(bridge.setMemberRole(room.room_uuid, member.user_uuid, role))}
        >
          {t(owner ? 'make_member' : 'make_owner')}
        </Menu.Item>
        <Menu.Item color="red" data-testid="member-remove" onClick={onRemove}>
          {t('remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface RemoveDialogProps {
  room: Room;
  uuid: string;
  name: string;
  onClose: () => void;
}

function RemoveDialog({ room, uuid, name, onClose }: RemoveDialogProps) {
  const { t } = useTranslation('room');
  const bridge = useBridge();
  const task = useTask();
  return (
    <ConfirmDialog
      danger
      busy={task.busy}
      title={t('remove_title', { name })}
      okLabel={t('remove_ok')}
      onOk={() => void task.run(() => bridge.removeMember(room.room_uuid, uuid)).then((done) => done && onClose())}
      onClose={onClose}
    >
      <p>{t('remove_text')}</p>
      {task.failure && <FailureNotice failure={task.failure} />}
    </ConfirmDialog>
  );
}
