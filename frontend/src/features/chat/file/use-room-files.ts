import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror, useSession } from '@/bridge/session-context';
import type { Failure, RoomFile } from '@/bridge/types';

/** After this pause in typing the server is asked, in milliseconds. */
const typingPause = 250;

/** The files of a room as far as they are loaded, the newest first. */
export interface RoomFiles {
  status: 'loading' | 'loaded' | 'failed';
  failure: Failure | undefined;
  files: readonly RoomFile[];
  more: boolean;
  /** Only what this device holds was looked at. */
  local: boolean;
  loadMore: () => void;
  again: () => void;
}

const nothing = { status: 'loading', failure: undefined, files: [], next: '', local: false } as const;

interface Held {
  status: RoomFiles['status'];
  failure: Failure | undefined;
  files: readonly RoomFile[];
  next: string;
  local: boolean;
}

/** Follows the photos or the other files of a room: pages of it, asked anew when messages with files come or go. */
export function useRoomFiles(roomUuid: string, kind: 'photo' | 'other', text = ''): RoomFiles {
  const bridge = useBridge();
  const link = useMirror((mirror) => mirror.state.link);
  const [held, setHeld] = useState<Held>(nothing);
  const [asked, setAsked] = useState(0);
  const current = useRef(0); // the answer to an older question is dropped
  const again = useCallback(() => setAsked((count) => count + 1), []);
  useChanges(roomUuid, again);

  useEffect(() => {
    const mine = ++current.current;
    const timer = setTimeout(
      () => {
        bridge.roomFiles(roomUuid, { kind, text: text.trim(), before: '' }).then(
          (page) => {
            if (mine === current.current) setHeld({ status: 'loaded', failure: undefined, ...page });
          },
          (error: unknown) => {
            if (mine === current.current) setHeld({ ...nothing, status: 'failed', failure: asFailure(error) });
          },
        );
      },
      text === '' ? 0 : typingPause,
    );
    return () => clearTimeout(timer);
    // It is asked again when something changed, and when the network is back.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- see above
  }, [bridge, roomUuid, kind, text, asked, link]);

  const loading = useRef(false);
  const loadMore = useCallback(() => {
    if (loading.current || held.next === '') return;
    loading.current = true;
    const mine = current.current;
    bridge
      .roomFiles(roomUuid, { kind, text: text.trim(), before: held.next })
      .then((page) => {
        if (mine === current.current)
          setHeld((before) => ({ ...before, ...page, files: [...before.files, ...page.files] }));
      })
      .catch(() => undefined) // the button stays, and asks again
      .finally(() => {
        loading.current = false;
      });
  }, [bridge, roomUuid, kind, text, held.next]);

  const { next, ...rest } = held;
  return { ...rest, more: next !== '', loadMore, again };
}

/** Calls back when a message of the room that has or had files changes. */
function useChanges(roomUuid: string, onChange: () => void) {
  const session = useSession();
  useEffect(
    () =>
      session.onUpdate(({ messages }) => {
        const ours = messages?.filter((change) => change.room_uuid === roomUuid) ?? [];
        const touches = ours.some(
          ({ changed, removed, reset }) =>
            reset ||
            removed.length > 0 ||
            changed.some((one) => one.seq > 0 && (one.files.length > 0 || one.deleted_at > 0)),
        );
        if (touches) onChange();
      }),
    [session, roomUuid, onChange],
  );
}
