import { Button } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, Room } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { LogActionsContext } from '@/components/log-actions';
import { Composer } from '@/features/chat/compose/composer';
import { RoomDrawer } from '@/features/chat/drawer/room-drawer';
import { ImageViewer } from '@/features/chat/file/image-viewer';
import { LogSkeleton } from '@/features/chat/log/log-skeleton';
import { MessageLog } from '@/features/chat/log/message-log';
import { useConversation } from '@/features/chat/log/use-conversation';
import { useSeen } from '@/features/chat/log/use-seen';
import { endSelection, useSelection } from '@/features/chat/message/selection';
import { SelectionBar } from '@/features/chat/message/selection-bar';
import { ConversationHead } from './conversation-head';
import type { ConversationPaneProps } from './conversation-pane';
import styles from './conversation-pane.module.css';
import { PinBanner } from './pin-banner';
import { RoomSearch } from './room-search';
import { TypingLine } from './typing-line';
import { useRoomSearch } from './use-room-search';

export interface OpenRoomProps extends Omit<ConversationPaneProps, 'room' | 'onNewChat' | 'onPeople'> {
  room: Room;
}

/** A conversation, and its details beside it. */
export function OpenRoom(props: OpenRoomProps) {
  const { room, details, onDetails, onPerson, onRoom } = props;
  return (
    <>
      <Conversation {...props} />
      {details && (
        <RoomDrawer
          room={room}
          onClose={() => onDetails(false)}
          onPerson={onPerson}
          onJump={(seq) => onRoom(room.room_uuid, seq)}
        />
      )}
    </>
  );
}

function Conversation(props: OpenRoomProps) {
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
