import { Button, NativeSelect } from '@mantine/core';
import { IconEye, IconEyeOff, IconMessageOff, IconMessages } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Access, AccessRoom } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { SearchField } from '@/components/search-field';
import { useNow } from '@/components/use-now';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import styles from './access-section.module.css';
import { useAccessWords } from './access-words';
import { ReadMessages, type Sought } from './read-messages';

export interface ReadingViewProps {
  /** The request as it stands now. */
  request: Access;
  onClose: () => void;
}

/** What an approved request opens, to be read and searched, for as long as it holds. Then nothing of it is in the page. */
export function ReadingView({ request, onClose }: ReadingViewProps) {
  const { t } = useTranslation('access');
  const words = useAccessWords();
  const [refused, setRefused] = useState(false);
  const now = useNow(30_000);
  const timedOut = useTimedOut(request.expires_at);
  const over = refused || timedOut || !request.may_read;
  const onRefused = useCallback(() => setRefused(true), []);
  return (
    <SectionPage
      title={words.subject(request)}
      lead={`${words.period(request)} · ${t('reason_is', { reason: request.reason })}`}
      filled
      actions={
        <Button variant="default" data-testid="access-back" onClick={onClose}>
          {t('back')}
        </Button>
      }
    >
      {over ? (
        <EmptyState icon={<IconEyeOff />} title={t('over_title')} text={t('over_text')} testId="access-over" />
      ) : (
        <div className={styles.section}>
          <div className={styles.watched} role="status" data-testid="access-watched">
            <IconEye className={styles.eye} aria-hidden="true" />
            <strong>{t('reading')}</strong>
            <span>{words.left(request.expires_at, now)}</span>
            <span className={styles.second}>{t('reading_text')}</span>
          </div>
          <Released access={request.access_uuid} onRefused={onRefused} />
        </div>
      )}
    </SectionPage>
  );
}

/** The longest time that a timer of a browser can wait. */
const longest = 2 ** 31 - 1;

function useTimedOut(at: number): boolean {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(at), Math.min(Math.max(at - Date.now(), 0), longest));
    return () => clearTimeout(timer);
  }, [at]);
  return passed === at;
}

interface ReleasedProps {
  access: string;
  onRefused: () => void;
}

function Released({ access, onRefused }: ReleasedProps) {
  const { t } = useTranslation('access');
  const bridge = useBridge();
  const ask = useCallback(() => bridge.accessRooms(access), [bridge, access]);
  const { state, reload } = useLoaded(ask);
  const refused = state.kind === 'failed' && state.failure.code === 'forbidden';
  useEffect(() => {
    if (refused) onRefused();
  }, [refused, onRefused]);
  return (
    <LoadedView state={state} onRetry={reload} rows={8}>
      {(rooms) =>
        rooms.length === 0 ? (
          <EmptyState
            icon={<IconMessageOff />}
            title={t('no_rooms_title')}
            text={t('no_rooms_text')}
            testId="access-no-rooms"
          />
        ) : (
          <Reading access={access} rooms={rooms} onRefused={onRefused} />
        )
      }
    </LoadedView>
  );
}

interface ReadingProps extends ReleasedProps {
  rooms: readonly AccessRoom[];
}

/** One room at a time, or what was found in it or in all. */
function Reading({ access, rooms, onRefused }: ReadingProps) {
  const { t } = useTranslation('access');
  const words = useAccessWords();
  const [room, setRoom] = useState(rooms.length === 1 ? (rooms[0]?.room_uuid ?? '') : '');
  const [text, setText] = useState('');
  const [sought, setSought] = useState<Sought>({ kind: 'room', after: 0 });
  const search = () => {
    if ([...text.trim()].length >= 2) setSought({ kind: 'words', text: text.trim() });
  };
  return (
    <>
      <div className={styles.filters}>
        <NativeSelect
          aria-label={t('which_room')}
          data-testid="access-rooms"
          value={room}
          data={[
            { value: '', label: t('every_room') },
            ...rooms.map((one) => ({
              value: one.room_uuid,
              label: t('room_option', { name: words.room(one), count: one.messages }),
            })),
          ]}
          onChange={(event) => {
            setRoom(event.currentTarget.value);
            setSought({ kind: 'room', after: 0 });
          }}
        />
        <SearchField
          value={text}
          label={t('search')}
          placeholder={t('search')}
          testId="access-search"
          onChange={setText}
          onEnter={search}
        />
        <Button variant="default" data-testid="access-search-go" onClick={search}>
          {t('search_short')}
        </Button>
      </div>
      {sought.kind === 'room' && room === '' ? (
        <EmptyState icon={<IconMessages />} title={t('pick_title')} text={t('pick_text')} testId="access-pick" />
      ) : (
        <ReadMessages
          // Of what was read before nothing stays in view.
          key={`${room} ${sought.kind === 'words' ? sought.text : sought.after}`}
          access={access}
          room={room}
          rooms={rooms}
          sought={sought}
          onRefused={onRefused}
          onStart={() => setSought({ kind: 'room', after: 0 })}
          onHit={(hit) => {
            setRoom(hit.room_uuid);
            setSought({ kind: 'room', after: Math.max(hit.seq - before, 0) });
          }}
        />
      )}
    </>
  );
}

/** A found message opens with so many before it. */
const before = 10;
