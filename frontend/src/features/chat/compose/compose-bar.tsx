import { IconArrowBackUp, IconPencil, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Message, Room } from '@/bridge/types';
import { IconButton } from '@/components/icon-button';
import { personName } from '@/components/names';
import { messageLine } from '@/features/chat/file/file-words';
import { useQuote } from '@/features/chat/message/use-quotes';
import styles from './compose-bar.module.css';

/** A line holds no more letters than this. */
const longest = 200;

interface BarProps {
  icon: ReactNode;
  title: string;
  text: string;
  cancel: string;
  onCancel: () => void;
}

function Bar({ icon, title, text, cancel, onCancel }: BarProps) {
  return (
    <div className={styles.bar} data-testid="compose-bar">
      {icon}
      <span className={styles.what}>
        <span className={styles.title}>
          <bdi>{title}</bdi>
        </span>
        <span className={styles.text}>
          <bdi>{text}</bdi>
        </span>
      </span>
      <IconButton label={cancel} shortcut="Esc" keepFocus onClick={onCancel} testId="compose-cancel">
        <IconX className={styles.icon} aria-hidden="true" />
      </IconButton>
    </div>
  );
}

export interface ReplyBarProps {
  room: Room;
  /** The message that is answered. */
  seq: number;
  onCancel: () => void;
}

/** What the message being written answers. */
export function ReplyBar({ room, seq, onCancel }: ReplyBarProps) {
  const { t } = useTranslation('compose');
  const { t: tc } = useTranslation();
  const { t: tf } = useTranslation('file');
  const people = useMirror((mirror) => mirror.people);
  const quote = useQuote(room.room_uuid, seq);
  const message = quote.kind === 'found' ? quote.message : undefined;
  const name = message && !message.mine ? personName(people, message.sender_uuid, tc) : '';
  const title = message && (message.mine ? t('reply.to_me') : t('reply.to', { name }));
  const text = message && (message.deleted_at > 0 ? t('reply.deleted') : messageLine(message, tf).slice(0, longest));
  return (
    <Bar
      icon={<IconArrowBackUp className={styles.icon} aria-hidden="true" />}
      title={title ?? ''}
      text={text ?? (quote.kind === 'missing' ? t('reply.missing') : '')}
      cancel={t('reply.cancel')}
      onCancel={onCancel}
    />
  );
}

/** Which message is being changed. */
export function EditBar({ message, onCancel }: { message: Message; onCancel: () => void }) {
  const { t } = useTranslation('compose');
  const { t: tf } = useTranslation('file');
  return (
    <Bar
      icon={<IconPencil className={styles.icon} aria-hidden="true" />}
      title={t('edit.title')}
      text={messageLine(message, tf).slice(0, longest)}
      cancel={t('edit.cancel')}
      onCancel={onCancel}
    />
  );
}
