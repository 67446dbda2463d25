import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { RoomFile } from '@/bridge/types';
import { FileRow } from './file-row';
import { fileRows, type ListedRow } from './listed-rows';
import { MonthRow, PhotoRow } from './photo-rows';
import styles from './room-files.module.css';

/** The next page is loaded when its place is this near, in pixels. */
const loadsAt = 800;
const heights = { month: 32, photos: 86, file: 92 };

export interface FileListProps {
  room: string;
  kind: 'photo' | 'other';
  /** The newest first. */
  files: readonly RoomFile[];
  label: string;
  more: boolean;
  onMore: () => void;
  onJump: (seq: number) => void;
}

/** The photos of a room, by month, or its other files. Only those in view are in the page. */
export function FileList({ room, kind, files, label, more, onMore, onJump }: FileListProps) {
  const rows = fileRows(kind, files);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heights[rows[index]?.kind ?? 'file'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 4,
    paddingEnd: 16,
  });
  const loadMore = () => {
    const element = scroller.current;
    if (element && more && element.scrollHeight - element.clientHeight - element.scrollTop < loadsAt) onMore();
  };
  useEffect(loadMore);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keyboard
      tabIndex={0}
      role="region"
      aria-label={label}
      data-testid={kind === 'photo' ? 'room-photos' : 'room-files'}
      onScroll={loadMore}
    >
      <div className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          return (
            row && (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                data-testid="room-files-row"
                className={styles.place}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Listed row={row} room={room} files={files} onJump={onJump} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

interface ListedProps extends Pick<FileListProps, 'room' | 'files' | 'onJump'> {
  row: ListedRow;
}

function Listed({ row, room, files, onJump }: ListedProps) {
  switch (row.kind) {
    case 'month':
      return <MonthRow at={row.at} />;
    case 'photos':
      return <PhotoRow room={room} photos={row.photos} all={files} />;
    case 'file':
      return <FileRow of={row.file} onJump={onJump} />;
  }
}
