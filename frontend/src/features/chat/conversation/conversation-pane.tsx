import { Button } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Message, Room } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { useOnScreen, useWindowFocus } from '@/components/window-focus';
import { Composer } from '@/features/chat/compose/composer';
import { RoomDrawer } from '@/features/chat/drawer/room-drawer';
import { ImageViewer } from '@/features/chat/file/image-viewer';
import { LogSkeleton } from '@/features/chat/log/log-skeleton';
import { MessageLog } from '@/features/chat/log/message-log';
import { useConversation } from '@/features/chat/log/use-conversation';
import { useSeen } from '@/features/chat/log/use-seen';
import { LogActionsContext } from '@/components/log-actions';
import { endSelection, useSelection } from '@/features/chat/message/selection';
import { SelectionBar } from '@/features/chat/message/selection-bar';
import { ConversationHead } from './conversation-head';
import { PinBanner } from './pin-banner';
import { RoomSearch } from './room-search';
import { TypingLine } from './typing-line';
import { useRoomSearch } from './use-room-search';
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
  /** Whether the details of the room are open beside it. */
  details: boolean;
  onDetails: (open: boolean) => void;
}

/** The open conversation, or what to do when there is none. */
export function ConversationPane({ room, onNewChat, ...rest }: ConversationPaneProps) {
  const { t } = useTranslation('chat');
  const bridge = useBridge();
  const focused = useWindowFocus();
  const held = useMirror((mirror) => (room === undefined ? undefined : mirror.rooms.get(room)));
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
  return (
    <div ref={ref} className={styles.beside}>
      <OpenRoom key={held.room_uuid} room={held} {...rest} />
      {rest.details && (
        <RoomDrawer
          key={`${held.room_uuid}-details`}
          room={held}
          onClose={() => rest.onDetails(false)}
          onPerson={rest.onPerson}
          onJump={(seq) => rest.onRoom(held.room_uuid, seq)}
        />
      )}
    </div>
  );
}

interface OpenRoomProps extends Omit<ConversationPaneProps, 'room' | 'onNewChat'> {
  room: Room;
}

function OpenRoom(props: OpenRoomProps) {
  const { room, target, finding, onFinding, onBack, onPerson, onRoom, details, onDetails } = props;
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const { model, state, jumps } = useConversation(room, target);
  const onInView = useSeen(room);
  const search = useRoomSearch(room.room_uuid, jumps.toMessage);
  const chosen = useSelection(room.room_uuid);
  useEffect(() => endSelection, []); // with the room
  const { toMessage } = jumps;
  const actions = useMemo(() => ({ onPerson, onRoom, onJump: toMessage }), [onPerson, onRoom, toMessage]);

  return (
    <LogActionsContext value={actions}>
      <section className={styles.pane} data-testid="conversation" data-room={room.room_uuid}>
        <ConversationHead
          room={room}
          onBack={onBack}
          onPerson={onPerson}
          onFind={() => onFinding(true)}
          details={details}
          onDetails={() => onDetails(!details)}
        />
        {finding && <RoomSearch search={search} onDate={jumps.toDate} onClose={() => onFinding(false)} />}
        <PinBanner room={room} />
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
            found={finding ? search.words : noWords}
            onOlder={model.loadOlder}
            onNewer={model.loadNewer}
            onJump={jumps.toMessage}
            onLatest={jumps.toEnd}
            onDate={jumps.toDate}
            onInView={onInView}
            onPlace={model.look}
            onPerson={onPerson}
          />
        )}
        <TypingLine room={room} />
        <ImageViewer />
        {chosen ? (
          <SelectionBar room={room.room_uuid} chosen={chosen} />
        ) : (
          <Composer
            room={room}
            lastOwn={state.status === 'open' && !state.hasNewer ? lastOwn(state.messages) : undefined}
          />
        )}
      </section>
    </LogActionsContext>
  );
}

/** The newest message of the user's own that can be edited. */
function lastOwn(messages: readonly Message[]): Message | undefined {
  return messages.findLast((one) => one.mine && one.message_id > 0 && one.deleted_at === 0 && !one.forwarded);
}

const noWords: string[] = [];
