import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '@/bridge/types';
import { dropLaunchPicture } from './launch-picture';
import { RoomContextMenu, type RoomSpot } from './room-context-menu';
import { RoomRow } from './room-row';
import styles from './room-rows.module.css';
import { useStartMark } from './use-start-mark';

/** How high a row is until one has been measured, in pixels. All rows are as high as each other. */
const usualHeight = 62;

export interface RoomRowsProps {
  rooms: readonly Room[];
  /** Which part of all rooms these are: another one is shown from its top. */
  part: string;
  open: string | undefined;
  onOpen: (room: string) => void;
}

/** The rows of the room list; only those in view are in the page. */
export function RoomRows({ rooms, part, open, onOpen }: RoomRowsProps) {
  const { t } = useTranslation('chat');
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<RoomSpot>();
  const [height, measured] = useHeight();
  useStartMark(rooms.length > 0);
  const virtualizer = useVirtualizer({
    count: rooms.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rooms[index]?.room_uuid ?? index,
    overscan: 6,
  });

  // It keeps what it has reckoned with another height.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height]);

  const stands = virtualizer.getVirtualItems().length > 0;
  // Before the paint: one takes the other's place.
  useLayoutEffect(() => {
    const clicked = stands ? dropLaunchPicture() : undefined;
    if (clicked !== undefined) onOpen(clicked);
    // Only once, when there are rows.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stands]);
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [part]);
  // The open room may have been chosen elsewhere: by a key or a notification.
  const at = rooms.findIndex((room) => room.room_uuid === open);
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
    // Only when another room is opened: a room that moves up must not take the list with it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [open]);

  return (
    <div ref={scroller} className={styles.scroller} data-launch="rows">
      <ul className={styles.list} style={{ height: virtualizer.getTotalSize() }} aria-label={t('list.label')}>
        {virtualizer.getVirtualItems().map((item, place) => {
          const room = rooms[item.index];
          return room ? (
            <li
              key={item.key}
              ref={place === 0 ? measured : undefined}
              className={styles.row}
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={rooms.length}
              aria-posinset={item.index + 1}
            >
              <RoomRow room={room} open={room.room_uuid === open} onOpen={onOpen} onMenu={setMenu} />
            </li>
          ) : null;
        })}
      </ul>
      {menu && <RoomContextMenu spot={menu} onClose={() => setMenu(undefined)} />}
    </div>
  );
}

/** The height of the row that has the ref, without asking for a layout. */
function useHeight(): [number, (row: HTMLElement | null) => (() => void) | undefined] {
  const [height, setHeight] = useState(usualHeight);
  const measured = useCallback((row: HTMLElement | null) => {
    if (!row) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const size = Math.round(entry?.borderBoxSize[0]?.blockSize ?? 0);
      if (size > 0) setHeight(size);
    });
    observer.observe(row);
    return () => observer.disconnect();
  }, []);
  return [height, measured];
}
