import { Button } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { deferred } from '@/components/deferred';
import { EmptyState } from '@/components/empty-state';
import { useOnScreen, useAttention } from '@/components/window-focus';
import { LogSkeleton } from '@/features/chat/log/log-skeleton';
import styles from './conversation-pane.module.css';

/** A message to show: its seq, and when that was asked for. */
export interface LogTarget {
  seq: number;
  at: number;
}

export interface ConversationPaneProps {
  room: string | undefined;
  target: LogTarget | undefined;
  /** Whether words are looked for in the room. */
  finding: boolean;
  onFinding: (is: boolean) => void;
  onBack: () => void;
  onPerson: (person: string) => void;
  /** Opens a room, at a message unless seq is 0. */
  onRoom: (room: string, seq: number) => void;
  onNewChat: () => void;
  onPeople: () => void;
  /** Whether the details of the room are open beside it. */
  details: boolean;
  onDetails: (open: boolean) => void;
}

/** What most of the page's code is for, and what no start needs: nothing is open then. */
export const OpenRoom = deferred(async () => (await import('./open-room')).OpenRoom);

const Welcome = deferred(async () => (await import('@/features/chat/rooms/welcome')).Welcome);

/** The open conversation, or what to do when there is none. */
export function ConversationPane({ room, onNewChat, onPeople, ...rest }: ConversationPaneProps) {
  const { t } = useTranslation('chat');
  const bridge = useBridge();
  const focused = useAttention();
  const held = useMirror((mirror) => (room === undefined ? undefined : mirror.rooms.get(room)));
  // Not before the server has said so: who has rooms is not to be welcomed at every start.
  const nobodyYet = useMirror(({ rooms, state }) => rooms.size === 0 && state.link === 'online');
  const { ref, onScreen } = useOnScreen();
  // The core decides by this about notifications. Scrolled up the room is in view too: the pill at its end tells of more.
  const inView = (onScreen && held?.room_uuid) || '';
  useEffect(() => {
    bridge.inView(inView, focused).catch(() => undefined); // the next change says it again
  }, [bridge, inView, focused]);
  useEffect(
    () => () => {
      bridge.inView('', document.hasFocus()).catch(() => undefined);
    },
    [bridge],
  );

  if (!held && nobodyYet) {
    return (
      <Suspense fallback={null}>
        <Welcome onPeople={onPeople} onNewChat={onNewChat} onRoom={rest.onRoom} />
      </Suspense>
    );
  }
  if (!held) {
    return (
      <EmptyState
        icon={<IconMessages />}
        title={t('none.title')}
        text={`${t('none.text')} ${t('none.hint')}`}
        action={
          <Button variant="default" onClick={onNewChat}>
            {t('new_chat')}
          </Button>
        }
      />
    );
  }
  return (
    <div ref={ref} className={styles.beside}>
      <Suspense fallback={<LogSkeleton />}>
        {/* A model per room: the key makes everything below start anew. */}
        <OpenRoom key={held.room_uuid} {...rest} room={held} />
      </Suspense>
    </div>
  );
}
