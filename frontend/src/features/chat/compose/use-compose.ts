import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useSession } from '@/bridge/session-context';
import type { Draft, Failure, Message, Room } from '@/bridge/types';
import { clearIntent, keepEdit, useComposeIntent, type Edit } from './compose-intent';
import { textToSend } from './composer-rules';
import { mentionsIn } from './mention-query';
import { useDraft } from './use-draft';

function editOf(message: Message): Edit {
  const { text, mentions, mention_all } = message;
  return { message, draft: { text, mentions, mention_all, reply_to_seq: 0, files: [] }, baseRev: message.rev };
}

/**
 * What a room's composer holds and does: a new message, with what it answers, or an edit. The draft waits, untouched,
 * while something is being edited; an edit waits while another room is open.
 */
export function useCompose(room: Room) {
  const bridge = useBridge();
  const { mirror } = useSession();
  const { room_uuid: roomUuid } = room;
  const draft = useDraft(room);
  const intent = useComposeIntent(roomUuid);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const [edit, setEdit] = useState<Edit | undefined>(intent.kept);
  if (intent.edit !== edit?.message) {
    setEdit(intent.edit && editOf(intent.edit));
    setFailure(undefined);
  }
  useKeepsEdit(roomUuid, edit);

  const { value: written, change: write, clear } = draft;
  const held = edit?.draft ?? written;

  // What was chosen in the log is answered by what is written here.
  const { reply } = intent;
  useEffect(() => {
    if (reply && reply.seq !== written.reply_to_seq) write({ ...written, reply_to_seq: reply.seq });
    // Only a new choice: the draft changes with each keystroke.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [reply]);

  const change = useCallback(
    (next: Draft) => {
      if (edit) setEdit({ ...edit, draft: next });
      else write(next);
    },
    [edit, write],
  );

  const cancel = useCallback(() => {
    clearIntent(roomUuid);
    setFailure(undefined);
    if (!edit && written.reply_to_seq !== 0) write({ ...written, reply_to_seq: 0 });
  }, [roomUuid, edit, written, write]);

  const submit = useCallback(
    (value: string) => {
      const waiting = (!edit && mirror.getState().held.get(roomUuid)) || [];
      const text = textToSend(value, waiting.length > 0);
      if (text === undefined || busy || waiting.some((file) => file.problem)) return;
      const nameOf = (userUuid: string) => mirror.getState().people.get(userUuid)?.name;
      const out = mentionsIn({ ...held, text, files: waiting.map((file) => file.handle) }, nameOf);
      setFailure(undefined);
      if (!edit) {
        clear();
        clearIntent(roomUuid);
        bridge.send(roomUuid, out).catch((error: unknown) => {
          // Nothing is lost: what could not be kept stands in the field again.
          setFailure(asFailure(error));
          write(out);
        });
        return;
      }
      if (text === edit.message.text) {
        cancel();
        return;
      }
      setBusy(true);
      bridge
        .edit(edit.message.message_id, out, edit.baseRev)
        .then(() => clearIntent(roomUuid))
        .catch((error: unknown) => {
          const why = asFailure(error);
          setFailure(why);
          if (why.reason === 'edit_conflict') setEdit({ ...edit, draft: out, baseRev: 0 });
        })
        .finally(() => setBusy(false));
    },
    [bridge, mirror, roomUuid, held, edit, busy, clear, write, cancel],
  );

  return { held, change, submit, cancel, edit, failure, busy, replyTo: edit ? 0 : written.reply_to_seq };
}

/** Keeps an edit for when the room is opened again. */
function useKeepsEdit(roomUuid: string, edit: Edit | undefined) {
  const latest = useRef(edit);
  useEffect(() => {
    latest.current = edit;
  });
  useEffect(
    () => () => {
      if (latest.current) keepEdit(roomUuid, latest.current);
    },
    [roomUuid],
  );
}
