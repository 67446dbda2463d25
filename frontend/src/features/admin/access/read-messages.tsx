import { Button } from '@mantine/core';
import { IconSearchOff } from '@tabler/icons-react';
import { useCallback, useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { AccessRoom, Message } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { PagedView } from '@/features/admin/paged-view';
import { usePages } from '@/features/admin/use-pages';
import { fullTime } from '@/i18n/time';
import styles from './access-section.module.css';
import { useAccessWords } from './access-words';
import { ReleasedFiles } from './released-files';

/** What of a request is in view: a room from a place on, or what words find. */
export type Sought = { kind: 'room'; after: number } | { kind: 'words'; text: string };

export interface ReadMessagesProps {
  access: string;
  /** Empty: all rooms, for words. */
  room: string;
  rooms: readonly AccessRoom[];
  sought: Sought;
  /** The server says that the request no longer holds. */
  onRefused: () => void;
  onStart: () => void;
  onHit: (hit: Message) => void;
}

/** Messages that may be read, page by page. They live in this list alone. */
export function ReadMessages({ access, room, rooms, sought, onRefused, onStart, onHit }: ReadMessagesProps) {
  const { t } = useTranslation('access');
  const bridge = useBridge();
  const ask = useCallback(
    async (place: number) => {
      const { messages, next } =
        sought.kind === 'words'
          ? await bridge.searchAccess(access, room, sought.text, place)
          : await bridge.accessMessages(access, room, Math.max(place, sought.after));
      return { items: messages, next };
    },
    [bridge, access, room, sought],
  );
  const pages = usePages(ask);
  const { state } = pages;
  const code = (state.kind === 'failed' ? state : state.kind === 'loaded' ? state.value : undefined)?.failure?.code;
  useEffect(() => {
    if (code === 'forbidden') onRefused();
  }, [code, onRefused]);
  const words = sought.kind === 'words' ? sought.text : '';
  return (
    <>
      {(words !== '' || (sought.kind === 'room' && sought.after > 0)) && (
        <div className={styles.sought}>
          <span>{words !== '' && t('found', { text: words })}</span>
          <Button size="xs" variant="default" data-testid="access-start" onClick={onStart}>
            {t(words === '' ? 'from_start' : 'clear')}
          </Button>
        </div>
      )}
      <PagedView
        pages={pages}
        failed={t('messages_failed')}
        restFailed={t('rest_failed')}
        empty={{
          icon: <IconSearchOff />,
          title: t('nothing_title'),
          text: t('nothing_text'),
          testId: 'access-nothing',
        }}
        label={t('messages')}
        testId="access-messages"
        keyOf={(message) => message.message_id}
        rowHeight={64}
      >
        {(message) => (
          <ReadMessage
            message={message}
            room={words === '' ? undefined : rooms.find((one) => one.room_uuid === message.room_uuid)}
            onHit={onHit}
            saved={<ReleasedFiles access={access} files={message.files} onRefused={onRefused} />}
          />
        )}
      </PagedView>
    </>
  );
}

interface ReadMessageProps {
  message: Message;
  /** Where it was found; without it the list is of one room. */
  room: AccessRoom | undefined;
  onHit: (hit: Message) => void;
  /** Its files, to be saved. */
  saved: ReactNode;
}

function FileNames({ files }: { files: Message['files'] }) {
  const { t } = useTranslation('access');
  return files.map((file) => (
    <span key={file.file_id} className={styles.second}>
      {t('file', { name: file.name })}
    </span>
  ));
}

function ReadMessage({ message, room, onHit, saved }: ReadMessageProps) {
  const { t, i18n } = useTranslation('access');
  const words = useAccessWords();
  const name = words.person(message.sender_uuid);
  const gone = message.deleted_at !== 0;
  const content = (
    <>
      <Avatar face={{ id: message.sender_uuid, name, picture: words.picture(message.sender_uuid) }} size="small" />
      <span className={styles.words}>
        <span className={styles.second}>
          {[name, fullTime(i18n.language, message.at), room && words.room(room), message.edited_at !== 0 && t('edited')]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className={styles.text} data-quiet={gone || message.kind === 'system'}>
          {gone ? t('deleted') : message.kind === 'system' ? t('system') : message.text}
        </span>
        {!gone && (room ? <FileNames files={message.files} /> : saved)}
      </span>
    </>
  );
  if (!room) {
    return (
      <div className={styles.message} data-testid="access-message">
        {content}
      </div>
    );
  }
  return (
    <button type="button" className={styles.message} data-testid="access-message" onClick={() => onHit(message)}>
      {content}
    </button>
  );
}
