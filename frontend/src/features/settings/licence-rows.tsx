import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Component } from '@/bridge/types';
import styles from './licences-dialog.module.css';

/** What a row takes until it is measured, in pixels. */
const rowHeight = 48;

export interface LicenceRowsProps {
  components: readonly Component[];
  onShow: (component: Component) => void;
}

/** Components, of which only those in view are in the page. */
export function LicenceRows({ components, onShow }: LicenceRowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: components.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  return (
    <div ref={scroller} className={styles.scroller}>
      <ul className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const component = components[item.index];
          return component ? (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={styles.item}
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={components.length}
              aria-posinset={item.index + 1}
            >
              <button
                type="button"
                className={styles.component}
                data-testid="licence-row"
                onClick={() => onShow(component)}
              >
                <span className={styles.name}>{component.name}</span>
                <span className={styles.version}>{component.version}</span>
                <span className={styles.licence}>{component.licence}</span>
              </button>
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}
