import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Older } from './conversation-model';
import type { LogRow } from './log-rows';
import { useOwnWheel } from './use-own-wheel';

/** This close to the end counts as at the end, in pixels. */
const endThreshold = 40;
/** Older messages are loaded when the top is this near, in pixels. */
const loadsOlderAt = 1_000;
/** A row counts as in view with this much of its lower edge missing, in pixels. */
const slack = 8;

export interface LogScrollOptions {
  rows: readonly LogRow[];
  hasMore: boolean;
  older: Older;
  target: { seq: number; at: number } | undefined;
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  onOlder: () => Promise<void>;
  onInView: (seq: number) => void;
}

/**
 * Scrolling of a conversation, as measured in platform.md: it sticks to the end through appends, resizes and late
 * sizes; nothing above moves what is in view; older messages come before the top is reached.
 */
export function useLogScroll(options: LogScrollOptions) {
  const { rows, hasMore, older, target, scroller, content, onOlder, onInView } = options;
  const [atEnd, setAtEnd] = useState(true);
  const sticks = useRef(true);
  const lastTop = useRef(0);
  const focusedRow = useFocusedRow(content);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endThreshold,
    overscan: 6,
    paddingStart: 12,
    paddingEnd: 4,
    // The row with the focus stays, or the keyboard would fall out of the page.
    rangeExtractor: useCallback(
      (range: Range) => {
        const shown = defaultRangeExtractor(range);
        const kept = focusedRow.current;
        return kept === undefined || kept >= range.count || shown.includes(kept)
          ? shown
          : [...shown, kept].toSorted((a, b) => a - b);
      },
      [focusedRow],
    ),
  });

  useLayoutEffect(() => {
    virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item, _, { itemSizeCache, scrollOffset }) =>
      movesView(item, itemSizeCache.has(item.key), scrollOffset ?? 0);
  }, [virtualizer]);

  const stick = useCallback((is: boolean) => {
    sticks.current = is;
    setAtEnd(is);
  }, []);
  const toEnd = useCallback(() => {
    stick(true);
    virtualizer.scrollToEnd();
  }, [stick, virtualizer]);

  const look = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const bottom = element.scrollTop + element.clientHeight + slack;
    const seen = virtualizer
      .getVirtualItems()
      .filter((item) => item.end <= bottom || item.start <= element.scrollTop)
      .map((item) => (item.start < bottom ? (rows[item.index]?.message.seq ?? 0) : 0));
    onInView(Math.max(0, ...seen));
  }, [scroller, virtualizer, rows, onInView]);

  function onScroll() {
    const element = scroller.current;
    if (!element) return;
    const top = element.scrollTop;
    const below = element.scrollHeight - element.clientHeight - top;
    // A resize moves the end away without anybody scrolling: only going up lets go of it, and that at once. A slow start
    // would else be pulled back by the rows that come into view above and are measured.
    if (top < lastTop.current && below > 1) stick(false);
    else if (below <= endThreshold) stick(true);
    lastTop.current = top;
    // Who is at the end reads nothing older; while a room opens its first places mean nothing.
    if (top < loadsOlderAt && !sticks.current && hasMore && older === 'idle') void onOlder();
    look();
  }

  useOpening({ rows, target, virtualizer, stick });
  useSticking({ scroller, content, sticks, virtualizer });
  useOwnWheel(scroller);
  useEffect(() => {
    // Few messages may not fill the window: then nothing scrolls, and more are needed all the same.
    const element = scroller.current;
    if (!element || !hasMore || older !== 'idle') return;
    if (element.scrollHeight - element.clientHeight < loadsOlderAt) void onOlder();
  }, [scroller, rows, hasMore, older, onOlder]);
  useLayoutEffect(look);
  const ownSent = useOwnSent(rows);
  useLayoutEffect(() => {
    if (ownSent > 0) toEnd();
  }, [ownSent, toEnd]);

  return { virtualizer, onScroll, atEnd, toEnd, newCount: useNewCount(rows, atEnd) };
}

/**
 * Whether a row that changes its size would move what is in view. The library leaves rows alone that are measured again
 * while one scrolls up; but an edit above, or a row that loses its head to an older page, moves the view all the same.
 */
function movesView(item: { start: number; end: number }, measuredBefore: boolean, top: number): boolean {
  return measuredBefore ? item.end <= top : item.start < top;
}

type LogVirtualizer = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;

function estimate(row: LogRow | undefined): number {
  if (!row) return 44;
  const lines = row.message.text.split('\n').reduce((sum, line) => sum + 1 + Math.floor(line.length / 40), 0);
  return 22 + Math.min(lines, 12) * 21 + (row.head ? 32 : 0) + (row.opensDay ? 44 : 0) + (row.opensUnread ? 40 : 0);
}

/** Which row holds the focus, without rendering for it. */
function useFocusedRow(content: RefObject<HTMLDivElement | null>) {
  const focused = useRef<number>(undefined);
  useEffect(() => {
    const element = content.current;
    if (!element) return undefined;
    const note = (event: FocusEvent) => {
      const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
      focused.current = event.type === 'focusin' && row ? Number(row.getAttribute('data-index')) : undefined;
    };
    element.addEventListener('focusin', note);
    element.addEventListener('focusout', note);
    return () => {
      element.removeEventListener('focusin', note);
      element.removeEventListener('focusout', note);
    };
  }, [content]);
  return focused;
}

interface OpeningOptions {
  rows: readonly LogRow[];
  target: { seq: number; at: number } | undefined;
  virtualizer: LogVirtualizer;
  stick: (is: boolean) => void;
}

/** Where a conversation opens: at the message that was asked for, at the mark if it is far up, else at the end. */
function useOpening({ rows, target, virtualizer, stick }: OpeningOptions) {
  const shown = useRef<number>(undefined);
  useLayoutEffect(() => {
    const wanted = target?.at ?? 0;
    if (shown.current === wanted || rows.length === 0) return;
    const first = shown.current === undefined;
    shown.current = wanted;
    const at = target ? rows.findIndex((row) => row.message.seq === target.seq) : -1;
    if (at >= 0 && at < rows.length - 1) {
      virtualizer.scrollToIndex(at, { align: 'center' });
      stick(at > rows.length - 4);
      return;
    }
    if (at >= 0 || first) virtualizer.scrollToEnd();
    if (!first) return;
    const mark = rows.findIndex((row) => row.opensUnread);
    const below = rows.slice(mark).reduce((sum, row) => sum + estimate(row), 0);
    const height = virtualizer.scrollElement?.clientHeight ?? 0;
    if (mark > 0 && height > 0 && below > height) {
      virtualizer.scrollToIndex(mark, { align: 'start' });
      stick(false);
    }
  }, [rows, target, virtualizer, stick]);
}

interface StickingOptions {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  sticks: RefObject<boolean>;
  virtualizer: LogVirtualizer;
}

/** Keeps the end in view when the window, the font or a row changes its size. */
function useSticking({ scroller, content, sticks, virtualizer }: StickingOptions) {
  useEffect(() => {
    if (!scroller.current || !content.current) return undefined;
    const observer = new ResizeObserver(() => {
      if (sticks.current) virtualizer.scrollToEnd();
    });
    observer.observe(scroller.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [scroller, content, sticks, virtualizer]);
}

/** How many unsent messages of one's own have been added: each one scrolls to the end. */
function useOwnSent(rows: readonly LogRow[]): number {
  const [seen, setSeen] = useState({ key: rows.at(-1)?.key, count: 0 });
  const last = rows.at(-1);
  if (last && last.key !== seen.key) {
    const isOwn = last.message.mine && last.message.state !== 'sent';
    setSeen({ key: last.key, count: isOwn ? seen.count + 1 : seen.count });
  }
  return seen.count;
}

/** How many messages of others came since the end was left. */
function useNewCount(rows: readonly LogRow[], atEnd: boolean): number {
  const newest = rows.findLast((row) => row.message.seq > 0)?.message.seq ?? 0;
  const [leftAt, setLeftAt] = useState(newest);
  if (atEnd && leftAt !== newest) setLeftAt(newest);
  return rows.filter((row) => row.message.seq > leftAt && !row.message.mine).length;
}
