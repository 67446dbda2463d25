import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './resizable-list.module.css';

const narrowest = 280;
const widest = 420;
const usual = 320;
const step = 16;

function within(width: number) {
  return Math.min(widest, Math.max(narrowest, Math.round(width)));
}

/** The pixels of the screen to one of ours: the zoom setting. */
function zoom() {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

export interface ResizableListProps {
  children: ReactNode;
}

/** The list column with a handle at its right edge: drag it, or focus it and use the arrow keys. */
export function ResizableList({ children }: ResizableListProps) {
  const { t } = useTranslation();
  const [width, setWidth] = useState(usual);
  const grip = useRef<{ x: number; width: number }>(undefined);

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    grip.current = { x: event.clientX, width };
    event.currentTarget.setPointerCapture(event.pointerId);
  }
  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    if (grip.current) setWidth(within(grip.current.width + (event.clientX - grip.current.x) / zoom()));
  }
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const change = { ArrowLeft: -step, ArrowRight: step }[event.key];
    if (change === undefined) return;
    event.preventDefault();
    setWidth(within(width + change));
  }

  return (
    <section className={styles.list} style={{ '--list-width': `${width / 16}rem` } as React.CSSProperties}>
      {children}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex jsx-a11y/prefer-tag-over-role -- a focusable separator is ARIA's window splitter; hr can't be one */}
      <div
        className={styles.handle}
        role="separator"
        aria-orientation="vertical"
        aria-label={t('resize_list')}
        aria-valuenow={width}
        aria-valuemin={narrowest}
        aria-valuemax={widest}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          grip.current = undefined;
        }}
        onKeyDown={onKeyDown}
        onDoubleClick={() => setWidth(usual)}
      />
    </section>
  );
}
