import { IconFileUpload, IconLock } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Room } from '@/bridge/types';
import { isolated } from '@/components/isolated';
import { roomTitle } from '@/components/names';
import type { Dropped } from './take-store';
import { useTakeFiles } from './use-take-files';
import styles from './drop-overlay.module.css';

export interface DropOverlayProps {
  room: Room;
  /** Why nothing can be written there; undefined: one can. */
  closed: boolean;
}

/**
 * Over the whole window while files are dragged over it: into which room they would go. The page hands over their bytes:
 * it never learns where they are.
 */
export function DropOverlay({ room, closed }: DropOverlayProps) {
  const { t } = useTranslation('file');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const take = useTakeFiles(room.room_uuid);
  const over = useDragOver(closed ? undefined : take);
  if (!over) return null;
  const name = isolated(roomTitle(room, people, me, tc));
  const words = closed ? 'drop.refused' : room.locked ? 'drop.locked' : 'drop.text';
  const Picture = closed || room.locked ? IconLock : IconFileUpload;
  return (
    <div className={styles.overlay} role="status" data-testid="drop-overlay">
      <div className={styles.card} data-closed={closed}>
        <Picture className={styles.icon} aria-hidden="true" />
        {!closed && <strong className={styles.title}>{t('drop.title')}</strong>}
        <span className={styles.text}>{t(words, { name })}</span>
      </div>
    </div>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** What was dropped. A folder looks like a file until it is read; web views that can't tell say nothing of entries, or of items. */
function droppedOf(data: DataTransfer | null): Dropped[] {
  const items = [...(data?.items ?? [])].flatMap((item) => {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    return file ? [{ file, folder: item.webkitGetAsEntry?.()?.isDirectory ?? false }] : [];
  });
  return items.length > 0 ? items : [...(data?.files ?? [])].map((file) => ({ file, folder: false }));
}

/** Whether files are being dragged over the window. Each element entered and left says so: they are counted. */
function useDragOver(take: ((files: Dropped[]) => void) | undefined): boolean {
  const [over, setOver] = useState(false);
  // The count must outlive a render: each one may bring another function.
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    let inside = 0;
    const set = (count: number) => {
      inside = Math.max(0, count);
      setOver(inside > 0);
    };
    const listeners = {
      dragenter: (event: DragEvent) => {
        if (hasFiles(event)) set(inside + 1);
      },
      dragleave: (event: DragEvent) => {
        if (hasFiles(event)) set(inside - 1);
      },
      // Else the web view would leave the page and show the file.
      dragover: (event: DragEvent) => {
        if (hasFiles(event)) event.preventDefault();
      },
      drop: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        set(0);
        latest.current?.(droppedOf(event.dataTransfer));
      },
    };
    const all = Object.entries(listeners) as [keyof typeof listeners, (event: DragEvent) => void][];
    for (const [name, listener] of all) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of all) window.removeEventListener(name, listener);
    };
  }, []);
  return over;
}
