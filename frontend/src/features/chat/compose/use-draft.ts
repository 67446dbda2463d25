import { useCallback, useEffect, useRef, useState } from 'react';
import { useBridge, useSession } from '@/bridge/session-context';
import type { Draft, Room } from '@/bridge/types';

const savesAfter = 500;
const typingEvery = 3_000;

const nothing: Draft = { text: '', reply_to_seq: 0, mentions: [], mention_all: false, files: [] };

/**
 * What is being written in a room: kept over restarts, and told to the others as typing.
 *
 * The value follows each keystroke at once and comes from nowhere else: anything later would break the composing of
 * Hangul. So a draft that changes elsewhere shows when the room is opened next.
 */
export function useDraft(room: Room) {
  const bridge = useBridge();
  const { mirror } = useSession();
  const { room_uuid: roomUuid } = room;
  const [value, setValue] = useState(room.draft);
  const unsaved = useRef<Draft>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const typedAt = useRef(-typingEvery);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    const draft = unsaved.current;
    if (draft === undefined) return;
    unsaved.current = undefined;
    // The files come and go by calls of their own: a text that is kept says which ones are there.
    const files =
      mirror
        .getState()
        .held.get(roomUuid)
        ?.map((file) => file.handle) ?? [];
    bridge.setDraft(roomUuid, { ...draft, files }).catch(() => undefined); // the next keystroke saves again
  }, [bridge, mirror, roomUuid]);

  const change = useCallback(
    (next: Draft) => {
      setValue(next);
      unsaved.current = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(save, savesAfter);
      const now = performance.now();
      if (next.text === '' || now - typedAt.current < typingEvery) return;
      typedAt.current = now;
      bridge.typing(roomUuid).catch(() => undefined); // nobody waits for it
    },
    [bridge, roomUuid, save],
  );

  const clear = useCallback(() => {
    setValue(nothing);
    unsaved.current = nothing;
    typedAt.current = -typingEvery; // the next message is typed anew
    save();
  }, [save]);

  useEffect(() => save, [save]);
  return { value, change, clear };
}
