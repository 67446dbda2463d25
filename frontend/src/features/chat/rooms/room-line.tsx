import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { unturned } from '@/components/isolated';
import { personName } from '@/components/names';
import { countedLine, filesLine } from '@/features/chat/file/file-words';
import { systemText } from '@/features/chat/message/system-text';
import styles from './room-line.module.css';

export interface RoomLineProps {
  room: Room;
  /** The draft of the open room stands in its composer already. */
  open: boolean;
}

/** The second line of a room: who types, a draft, or what was said last. */
export function RoomLine({ room, open }: RoomLineProps) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const { t: tf } = useTranslation('file');
  const said =
    room.last_text === ''
      ? countedLine({ first: room.last_files[0], count: room.last_file_count, photos: room.last_photos }, tf)
      : unturned(room.last_text);
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const typists = useMirror((mirror) => mirror.typing.get(room.room_uuid));
  const held = useMirror((mirror) => mirror.held.get(room.room_uuid));
  const [typist] = typists?.keys() ?? [];

  if (typists && typist !== undefined) {
    const text =
      typists.size === 1
        ? t('list.typing_one', { name: personName(people, typist, tc) })
        : t('list.typing_many', { count: typists.size });
    return <Line kind="typing">{text}</Line>;
  }
  if ((room.draft.text !== '' || held) && !open) {
    const names = held?.map((file) => file.name) ?? [];
    return (
      <Line>
        <span className={styles.draft}>{t('list.draft')}</span> {unturned(room.draft.text) || filesLine(names, tf)}
      </Line>
    );
  }
  if (room.last_seq === 0) return <Line kind="quiet">{t('list.no_message')}</Line>;
  if (room.last_deleted) return <Line kind="quiet">{t('message.deleted')}</Line>;
  if (room.last_kind === 'system') {
    return <Line>{room.last_system ? systemText(room.last_system, people, t, tc) : ''}</Line>;
  }
  if (room.kind !== 'self' && room.last_sender === me) {
    return <Line>{t('list.mine', { text: said })}</Line>;
  }
  if (room.kind === 'group' || room.kind === 'notice') {
    return <Line>{t('list.from', { name: personName(people, room.last_sender, tc), text: said })}</Line>;
  }
  return <Line>{said}</Line>;
}

interface LineProps {
  kind?: 'plain' | 'typing' | 'quiet';
  children: ReactNode;
}

function Line({ kind = 'plain', children }: LineProps) {
  return (
    <span className={styles.line} data-kind={kind}>
      {children}
    </span>
  );
}
