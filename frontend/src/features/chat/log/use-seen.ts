import { useEffect, useRef } from 'react';
import { useBridge } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { useAttention } from '@/components/window-focus';
import { createSeenReporter, type SeenReporter } from './seen';

/** Reports what was seen of an open room. Returns the function to call with the newest seq that is in view. */
export function useSeen(room: Room): (seq: number) => void {
  const bridge = useBridge();
  const focused = useAttention();
  const reporter = useRef<SeenReporter>(undefined);
  const visible = useRef(0);
  const looking = useRef(focused);
  const { room_uuid: roomUuid, last_read_seq: readSeq } = room;
  const readAtOpen = useRef(readSeq);

  useEffect(() => {
    const made = createSeenReporter(readAtOpen.current, (seq) => {
      // Refused marks are not repeated here: the core keeps them until the server has them.
      bridge.seen(roomUuid, seq).catch(() => undefined);
    });
    made.looking(looking.current);
    made.inView(visible.current);
    reporter.current = made;
    return () => made.stop();
  }, [bridge, roomUuid]);

  useEffect(() => {
    looking.current = focused;
    reporter.current?.looking(focused);
  }, [focused]);

  return (seq) => {
    visible.current = seq;
    reporter.current?.inView(seq);
  };
}
