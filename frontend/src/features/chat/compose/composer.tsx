import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Message, Room } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { EditBar, ReplyBar } from './compose-bar';
import { editMessage } from './compose-intent';
import { ComposerField, type ComposerFieldHandle } from './composer-field';
import { ComposerHint } from './composer-hint';
import { letters, maxLetters } from './composer-rules';
import { ComposerTools } from './composer-tools';
import { DropOverlay } from './drop-overlay';
import { HeldTray } from './held-tray';
import { LockedComposer } from './locked-composer';
import { TakeStatus } from './take-status';
import { useCompose } from './use-compose';
import { useHeld } from './use-held';
import { usePaste } from './use-paste';
import styles from './composer.module.css';

export interface ComposerProps {
  room: Room;
  /** The newest own message that can be edited: ArrowUp in an empty field edits it. */
  lastOwn?: Message | undefined;
}

/** Where one writes, and where dropped files go. Why it can't be used is said in its place. */
export function Composer(props: ComposerProps) {
  const isClosed = useIsClosed(props.room);
  return (
    <>
      <DropOverlay room={props.room} closed={isClosed} />
      <TakeStatus room={props.room.room_uuid} />
      <Place {...props} />
    </>
  );
}

/** Whether nothing can be written in a room: it was ended, the other one has left, or only administrators write there. */
function useIsClosed(room: Room): boolean {
  const isAdmin = useMirror((mirror) => mirror.state.me?.is_admin ?? false);
  const state = useMirror((mirror) => mirror.people.get(room.other_uuid)?.state);
  if (room.read_only) return true;
  if (room.kind === 'direct') return state === 'deleted' || state === 'disabled';
  return room.kind === 'notice' && !isAdmin;
}

/** Why nothing can be written. */
function closedText({ kind, read_only: ended }: Room) {
  if (ended) return 'composer.disabled_ended';
  return kind === 'notice' ? 'composer.disabled_notice' : 'composer.disabled_left';
}

function Place({ room, lastOwn }: ComposerProps) {
  const { t } = useTranslation('chat');
  const isClosed = useIsClosed(room);
  // The lock holds until it is opened for this visit of the room; the next visit finds it closed again.
  const [opened, setOpened] = useState(false);
  if (isClosed) {
    return (
      <p className={styles.disabled} data-testid="composer-closed">
        {t(closedText(room))}
      </p>
    );
  }
  if (room.locked && !opened) return <LockedComposer room={room} onOnce={() => setOpened(true)} />;
  return <Writing room={room} lastOwn={lastOwn} />;
}

function Writing({ room, lastOwn }: ComposerProps) {
  const { t } = useTranslation('chat');
  const { t: tm } = useTranslation('compose');
  const failureText = useFailureText();
  const sendKey = useMirror((mirror) => (mirror.settings.send_key === 'ctrl_enter' ? 'ctrl_enter' : 'enter'));
  const compose = useCompose(room);
  const { held, change, submit, cancel, edit, failure, busy, replyTo } = compose;
  const files = useHeld(room.room_uuid);
  const onPaste = usePaste(room.room_uuid);
  const field = useRef<ComposerFieldHandle>(null);
  const box = useRef<HTMLDivElement>(null);

  // What was chosen in the log is written here: the field takes the focus for it.
  const task = `${edit?.message.message_id ?? ''}/${replyTo}`;
  const focusedFor = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (focusedFor.current === task) return;
    focusedFor.current = task;
    field.current?.focusEnd();
  }, [task]);

  const excess = letters(held.text) - maxLetters;
  const waiting = edit ? [] : files.files;
  const empty = held.text.trim() === '' && waiting.length === 0;
  const broken = waiting.some((file) => file.problem);
  const conflict = failure?.reason === 'edit_conflict';
  return (
    <div className={styles.composer} data-editing={edit !== undefined}>
      <div ref={box} className={styles.box}>
        {edit && <EditBar message={edit.message} onCancel={cancel} />}
        {replyTo > 0 && <ReplyBar room={room} seq={replyTo} onCancel={cancel} />}
        {waiting.length > 0 && <HeldTray files={waiting} onDrop={files.drop} />}
        <ComposerField
          ref={field}
          room={room}
          box={box}
          draft={held}
          sendKey={sendKey}
          tooLong={excess > 0}
          onChange={change}
          onSubmit={submit}
          onPaste={edit ? undefined : onPaste}
          onEditLast={() => {
            if (lastOwn && !edit) editMessage(lastOwn);
          }}
          onCancel={edit !== undefined || replyTo > 0 ? cancel : undefined}
        />
        <div className={styles.tools}>
          <ComposerTools
            room={room}
            onText={(text) => field.current?.insert(text)}
            onAttach={edit ? undefined : files.choose}
          />
          <ComposerHint excess={excess} length={held.text.length} sendKey={sendKey} editing={edit !== undefined} />
          {failure && (
            <span className={styles.failure} role="alert">
              {conflict ? tm('edit.conflict') : failureText(failure)}
            </span>
          )}
          <button
            type="button"
            className={styles.send}
            disabled={empty || broken || excess > 0 || busy}
            data-testid="composer-send"
            // The field keeps the focus, and a syllable that is being composed is not torn off.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => field.current?.sendNow()}
          >
            {edit ? tm('edit.save') : t('composer.send')}
          </button>
        </div>
      </div>
    </div>
  );
}
