import { useVirtualizer } from '@tanstack/react-virtual';
import { IconCheck } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { RoomAvatar } from '@/components/room-avatar';
import type { ForwardTarget } from './forward-targets';
import styles from './forward-list.module.css';

const rowHeight = 56;

export interface ForwardListProps {
  targets: readonly ForwardTarget[];
  chosen: readonly ForwardTarget[];
  onToggle: (target: ForwardTarget) => void;
}

/** Rooms and people of whom several can be chosen. */
export function ForwardList({ targets, chosen, onToggle }: ForwardListProps) {
  const { t } = useTranslation('message');
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: targets.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const ids = new Set(chosen.map((target) => target.id));
  return (
    <div ref={scroller} className={styles.scroller}>
      {targets.length === 0 && <p className={styles.none}>{t('forward_dialog.none')}</p>}
      <ul className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const target = targets[item.index];
          return target ? (
            <li
              key={target.id}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={styles.item}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <button
                type="button"
                className={styles.target}
                aria-pressed={ids.has(target.id)}
                data-testid="forward-target"
                data-target={target.id}
                onClick={() => onToggle(target)}
              >
                <RoomAvatar kind={target.roomKind} faces={target.faces} memberCount={target.memberCount} />
                <span className={styles.words}>
                  <span className={styles.name}>{target.name}</span>
                  {target.detail !== '' && <span className={styles.detail}>{target.detail}</span>}
                </span>
                <span className={styles.check}>
                  <IconCheck className={styles.tick} aria-hidden="true" />
                </span>
              </button>
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}
