import { Button } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge, useMirror, useSession } from '@/bridge/session-context';
import type { Message, Room } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { useWindowFocus } from '@/components/window-focus';
import { Composer } from './composer';
import { ConversationHead } from './conversation-head';
import { createConversation } from './conversation-model';
import styles from './conversation-pane.module.css';
import { LogSkeleton } from './log-skeleton';
import { MessageLog, type LogTarget } from './message-log';
import { TypingLine } from './typing-line';
import { useSeen } from './use-seen';

export interface ConversationPaneProps {
  room: string | undefined;
  target: LogTarget | undefined;
  onBack: () => void;
  onPerson: (person: string) => void;
  onNewChat: () => void;
}

/** The open conversation, or what to do when there is none. */
export function ConversationPane({ room, target, onBack, onPerson, onNewChat }: ConversationPaneProps) {
  const { t } = useTranslation('chat');
  const bridge = useBridge();
  const focused = useWindowFocus();
  const held = useMirror((mirror) => (room === undefined ? undefined : mirror.rooms.get(room)));
  const inView = held?.room_uuid ?? '';
  // The core decides by this about notifications.
  useEffect(() => {
    bridge.inView(inView, focused).catch(() => undefined); // the next change says it again
  }, [bridge, inView, focused]);
  useEffect(
    () => () => {
      bridge.inView('', document.hasFocus()).catch(() => undefined);
    },
    [bridge],
  );

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
  // A model per room: the key makes everything below start anew.
  return <OpenRoom key={held.room_uuid} room={held} target={target} onBack={onBack} onPerson={onPerson} />;
}

interface OpenRoomProps {
  room: Room;
  target: LogTarget | undefined;
  onBack: () => void;
  onPerson: (person: string) => void;
}

function OpenRoom({ room, target, onBack, onPerson }: OpenRoomProps) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const session = useSession();
  const model = useMemo(() => createConversation(session, room.room_uuid), [session, room.room_uuid]);
  useEffect(() => model.start(), [model]);
  const state = useStore(model.store);
  const onInView = useSeen(room);

  return (
    <section className={styles.pane} data-testid="conversation" data-room={room.room_uuid}>
      <ConversationHead room={room} onBack={onBack} onPerson={onPerson} />
      {state.status === 'loading' && <LogSkeleton />}
      {state.status === 'failed' && (
        <div className={styles.failed}>
          <FailureNotice failure={state.failure} title={t('log.open_failed')} />
          <Button variant="default" onClick={() => void model.reload()}>
            {tc('retry')}
          </Button>
        </div>
      )}
      {state.status === 'open' && (
        <MessageLog
          room={room}
          state={state}
          target={target}
          onOlder={model.loadOlder}
          onInView={onInView}
          onPerson={onPerson}
        />
      )}
      <TypingLine room={room} />
      <Composer room={room} lastOwn={state.status === 'open' ? lastOwn(state.messages) : undefined} />
    </section>
  );
}

/** The newest message of the user's own that can be edited. */
function lastOwn(messages: readonly Message[]): Message | undefined {
  return messages.findLast((one) => one.mine && one.message_id > 0 && one.deleted_at === 0 && !one.forwarded);
}
