import { useState, type FocusEvent, type PointerEvent } from 'react';

/** A toolbar above needs so much room, in pixels at the normal size. */
const room = 44;

/**
 * Whether the mouse or the focus is on a row, so that its tools show; and where there is room for them. Only that row
 * renders for it.
 */
export function useActiveRow() {
  const [over, setOver] = useState(false);
  const [focused, setFocused] = useState(false);
  const [side, setSide] = useState<'above' | 'below'>('above');

  function look(row: Element) {
    const top = row.getBoundingClientRect().top - (row.closest('[role=log]')?.getBoundingClientRect().top ?? 0);
    setSide(top < room ? 'below' : 'above');
  }
  return {
    active: over || focused,
    side,
    handlers: {
      onPointerEnter: (event: PointerEvent<HTMLElement>) => {
        if (event.pointerType === 'touch') return;
        look(event.currentTarget);
        setOver(true);
      },
      onPointerLeave: () => setOver(false),
      onFocus: (event: FocusEvent<HTMLElement>) => {
        // A press on a text or a link is no wish for tools; the keyboard's way to a row is.
        if (!event.target.matches(':focus-visible')) return;
        look(event.currentTarget);
        setFocused(true);
      },
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocused(false);
      },
    },
  };
}
