import { IconArrowLeft, IconLayoutSidebarRight, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMirror, usePresence } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { IconButton } from '@/components/icon-button';
import { personPlace, roomTitle } from '@/components/names';
import { RoomMenu } from '@/features/chat/rooms/room-menu';
import styles from './conversation-head.module.css';

const presences = ['active', 'away', 'dnd'] as const;

export interface ConversationHeadProps {
  room: Room;
  onBack: () => void;
  onPerson: (person: string) => void;
  onFind: () => void;
  /** Whether the details are open, and opens or closes them. */
  details: boolean;
  onDetails: () => void;
}

/** Whose conversation this is, how many are in it, and how many of them are there. */
export function ConversationHead({ room, onBack, onPerson, onFind, details: shown, onDetails }: ConversationHeadProps) {
  const { t } = useTranslation('chat');
  const { t: tr } = useTranslation('room');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const presence = usePresence();
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const title = roomTitle(room, people, me, tc);
  const online = room.members.filter((uuid) => presence.has(uuid)).length;
  const other = people.get(room.other_uuid);
  const state = presences.find((one) => one === presence.get(room.other_uuid)) ?? 'off';
  const details =
    room.kind === 'direct'
      ? [personPlace(other), tc(`presence.${state}`)]
      : room.kind === 'self'
        ? []
        : [t('head.members', { count: room.member_count }), online > 0 ? t('head.online', { count: online }) : ''];
  return (
    <header className={styles.head}>
      <span className={styles.back}>
        <IconButton label={tc('back')} testId="conversation-back" onClick={onBack}>
          <IconArrowLeft className={styles.icon} aria-hidden="true" />
        </IconButton>
      </span>
      <h2 className={styles.title} data-testid="conversation-title">
        {room.kind === 'direct' ? (
          <button
            type="button"
            className={styles.name}
            aria-label={t('head.show_profile', { name: title })}
            onClick={() => onPerson(room.other_uuid)}
          >
            {title}
          </button>
        ) : (
          title
        )}
      </h2>
      <p className={styles.details}>{details.filter((part) => part !== '').join(' · ')}</p>
      <span className={styles.menu}>
        <IconButton label={t('log.find')} shortcut="Ctrl+F" testId="conversation-find" onClick={onFind}>
          <IconSearch className={styles.icon} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={tr(shown ? 'close_info' : 'info')}
          aria-expanded={shown}
          testId="conversation-details"
          onClick={onDetails}
        >
          <IconLayoutSidebarRight className={styles.icon} aria-hidden="true" />
        </IconButton>
        <RoomMenu room={room} />
      </span>
    </header>
  );
}
