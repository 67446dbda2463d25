import { type KeyboardEvent, type RefObject } from 'react';
import { isComposing } from '@/components/keys';

/** What of a row that is higher than the log stays in view with one step, as a part of the log's height. */
const step = 0.8;
const rowSelector = 'article[data-seq]';
const menuSelector = '[data-testid=message-menu]';
const composerSelector = '[data-testid=composer-input]';

/**
 * Keys within the log: the arrows go from message to message, Enter and the menu key open what can be done with one,
 * Tab goes into its buttons, Esc leaves: from a button to its message, from a message to the composer.
 */
export function useRowKeys(scroller: RefObject<HTMLDivElement | null>) {
  return (event: KeyboardEvent<HTMLDivElement>) => {
    const log = scroller.current;
    const { target } = event;
    // What opens over the log bubbles here too, through React's tree.
    if (!log || !(target instanceof HTMLElement) || !log.contains(target) || isComposing(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = target.closest<HTMLElement>(rowSelector);
    if (!keyOnRow(event, { log, row, target })) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

interface Where {
  log: HTMLElement;
  row: HTMLElement | null;
  target: HTMLElement;
}

function keyOnRow(event: KeyboardEvent, { log, row, target }: Where): boolean {
  const onRow = row === target;
  switch (event.key) {
    case 'ArrowUp':
    case 'ArrowDown':
      // A field and code that scrolls keep their arrows.
      if (!onRow && target !== log && !target.matches('button, a')) return false;
      move(log, row, event.key === 'ArrowDown' ? 1 : -1);
      return true;
    case 'Enter':
      return onRow && press(row.querySelector(`input, ${menuSelector}`));
    case ' ':
      return onRow && press(row.querySelector('input'));
    case 'ContextMenu':
      return press(row?.querySelector(menuSelector));
    case 'F10':
      return event.shiftKey && press(row?.querySelector(menuSelector));
    case 'Escape':
      if (!row) return false;
      if (onRow) document.querySelector<HTMLElement>(composerSelector)?.focus();
      else row.focus();
      return true;
    default:
      return false;
  }
}

function press(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.click();
  return true;
}

/** To the next row; through one that is higher than the log, a stretch at a time. */
function move(log: HTMLElement, from: HTMLElement | null, by: 1 | -1) {
  const view = log.getBoundingClientRect();
  if (from) {
    const box = from.getBoundingClientRect();
    const hidden = by > 0 ? box.bottom - view.bottom : view.top - box.top;
    if (box.height > view.height && hidden > 1) {
      log.scrollTop += by * Math.min(hidden, view.height * step);
      return;
    }
  }
  const rows = [...log.querySelectorAll<HTMLElement>(rowSelector)];
  const isVisible = (row: HTMLElement) => {
    const { top, bottom } = row.getBoundingClientRect();
    return bottom > view.top + 1 && bottom <= view.bottom + 1 && top < view.bottom;
  };
  const next = from
    ? rows[rows.indexOf(from) + by]
    : by > 0
      ? rows.find(isVisible)
      : (rows.findLast(isVisible) ?? rows.at(-1));
  if (next) {
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  } else log.scrollTop += by * view.height * step; // what comes into view can be gone to then
}
