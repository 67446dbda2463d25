import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Place } from '@/bridge/types';
import type { OpenConversation } from './conversation-model';
import type { LogRow } from './log-rows';
import { estimateHeight, movesView } from './log-size';
import { useKeptRows } from './use-kept-rows';
import { useLanding, type LogVirtualizer, type Resting } from './use-landing';
import { useOwnWheel } from './use-own-wheel';

/** This close to the end counts as at the end, in pixels. */
const endThreshold = 40;
/** With less than this below the view, the end is as good as seen: no way there is offered, in pixels. */
const nearEnd = 120;
/** Older or newer messages are loaded when an end of the stretch is this near, in pixels. */
const loadsAt = 1_000;
/** A row counts as in view with this much of its lower edge missing, in pixels. */
const slack = 8;

export interface LogScrollOptions {
  rows: readonly LogRow[];
  state: OpenConversation;
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** The row that the reader unfolded or folded last. */
  unfolded: RefObject<string | undefined>;
  onOlder: () => Promise<void>;
  onNewer: () => Promise<void>;
  onInView: (seq: number) => void;
  onPlace: (place: Place) => void;
}

/**
 * Scrolling of a conversation, as measured in platform.md: it sticks to the end through appends, resizes and late
 * sizes; nothing that changes moves what is in view; what is missing at either end of the stretch comes before it is
 * reached.
 */
export function useLogScroll(options: LogScrollOptions) {
  const { rows, state, scroller, content, unfolded, onOlder, onNewer, onInView, onPlace } = options;
  const { hasMore, hasNewer, older, newer, showing } = state;
  const [atEnd, setAtEnd] = useState(true);
  const [isNear, setIsNear] = useState(true);
  const sticks = useRef(true);
  const lastTop = useRef(0);
  const virtualizer = useLogVirtualizer({ rows, scroller, content, hasNewer, follows: atEnd, unfolded });

  const stick = useCallback((is: boolean) => {
    sticks.current = is;
    setAtEnd(is);
  }, []);
  const onLanded = useRef<() => void>(() => undefined);
  const resting = useRef<Resting>(undefined);
  const isLanding = useLanding({ rows, showing, hasNewer, virtualizer, scroller, stick, resting, onLanded });

  const noteEye = useSteadying({ scroller, content, sticks, virtualizer, isLanding });

  function look() {
    const element = scroller.current;
    if (!element || element.clientHeight === 0) return; // hidden: nobody sees anything
    const top = element.scrollTop;
    const bottom = top + element.clientHeight + slack;
    const seen = virtualizer
      .getVirtualItems()
      .filter((item) => item.end <= bottom || item.start <= top)
      .map((item) => (item.start < bottom ? (rows[item.index]?.message.seq ?? 0) : 0));
    onInView(Math.max(0, ...seen));
    if (isLanding()) return;
    const row = sticks.current ? undefined : virtualizer.getVirtualItemForOffset(top);
    const seq = row ? (rows[row.index]?.message.seq ?? 0) : 0;
    resting.current = row && { key: String(row.key), offset: top - row.start };
    onPlace(row && seq > 0 ? { seq, offset: Math.round(top - row.start) } : { seq: 0, offset: 0 });
  }

  function loadEdges() {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const fits = scrollHeight - clientHeight < loadsAt;
    // Who is at the end reads nothing older; while a room opens its first places mean nothing.
    if (hasMore && older === 'idle' && (fits || (scrollTop < loadsAt && !sticks.current))) void onOlder();
    if (hasNewer && newer === 'idle' && scrollHeight - clientHeight - scrollTop < loadsAt) void onNewer();
  }

  function onScroll() {
    const element = scroller.current;
    if (!element || element.clientHeight === 0) return;
    const top = element.scrollTop;
    const below = element.scrollHeight - element.clientHeight - top;
    // A resize moves the end away without anybody scrolling: only going up lets go of it, and that at once. A slow start
    // would else be pulled back by the rows that come into view above and are measured.
    if (top < lastTop.current && below > 1) stick(false);
    else if (below <= endThreshold && !hasNewer) stick(true);
    lastTop.current = top;
    setIsNear(below < nearEnd);
    loadEdges();
    look();
    noteEye();
  }

  useOwnWheel(scroller);
  // Few messages may not fill the window: then nothing scrolls, and more are needed all the same.
  useEffect(loadEdges);
  useLayoutEffect(() => {
    onLanded.current = () => {
      const element = scroller.current;
      if (element) setIsNear(element.scrollHeight - element.clientHeight - element.scrollTop < nearEnd);
      look();
      noteEye();
    };
    look();
  });
  const ownSent = useOwnSent(rows);
  useLayoutEffect(() => {
    if (ownSent === 0) return;
    sticks.current = true; // the scroll that follows says so to the rest
    virtualizer.scrollToEnd();
  }, [ownSent, virtualizer]);

  return { virtualizer, onScroll, atEnd: atEnd && !hasNewer, isNear: isNear && !hasNewer };
}

interface VirtualizerOptions {
  rows: readonly LogRow[];
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  hasNewer: boolean;
  /** Whether the view goes along with what is added below. */
  follows: boolean;
  unfolded: RefObject<string | undefined>;
}

function useLogVirtualizer(options: VirtualizerOptions): LogVirtualizer {
  const { rows, scroller, content, hasNewer, follows, unfolded } = options;
  const keptRows = useKeptRows(content);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = new Set(defaultRangeExtractor(range));
      for (const kept of keptRows((key) => rows.findIndex((row) => row.key === key))) shown.add(kept);
      return [...shown].toSorted((a, b) => a - b);
    },
    [keptRows, rows],
  );
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateHeight(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    anchorTo: 'end',
    followOnAppend: follows && !hasNewer,
    // The end of a detached stretch is not the end.
    scrollEndThreshold: hasNewer ? -1 : endThreshold,
    overscan: 6,
    paddingStart: 12,
    paddingEnd: 4,
    rangeExtractor,
  });
  useLayoutEffect(() => {
    virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (
      { key, start, end },
      _,
      { itemSizeCache, scrollOffset },
    ) => {
      const top = scrollOffset ?? 0;
      const bottom = top + (virtualizer.scrollRect?.height ?? 0);
      return movesView({
        start,
        end,
        measured: itemSizeCache.has(key),
        byReader: unfolded.current === key,
        top,
        bottom,
      });
    };
  }, [virtualizer, unfolded]);
  useLayoutEffect(() => {
    // Sizes of rows that were let go of long ago: they would be kept for as long as the room is open.
    if (virtualizer.itemSizeCache.size < rows.length * 3 + 1_000) return;
    const held = new Set<unknown>(rows.map((row) => row.key));
    for (const key of virtualizer.itemSizeCache.keys()) if (!held.has(key)) virtualizer.itemSizeCache.delete(key);
  }, [virtualizer, rows]);
  return virtualizer;
}

interface SteadyingOptions {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  sticks: RefObject<boolean>;
  virtualizer: LogVirtualizer;
  isLanding: () => boolean;
}

/** What is read, and where it stands on the screen. */
interface Eye {
  element: Element;
  y: number;
}

/**
 * Keeps what is in view where it is on the screen when the window, the font, a row or what stands above the log changes
 * its size: the end, if that is in view; else the first message that is whole in view. The virtualizer has moved the log
 * by then for what grew above; this is for the rest, down to the pixel. Returns the function to call when the reader has
 * gone on: what is under his eye then is what is kept.
 */
function useSteadying({ scroller, content, sticks, virtualizer, isLanding }: SteadyingOptions): () => void {
  const eye = useRef<Eye>(undefined);
  // The virtualizer's own observer is made with the first rows. This one is made after it, and so called after it.
  const hasRows = virtualizer.getVirtualItems().length > 0;
  useEffect(() => {
    const element = scroller.current;
    if (!hasRows || !element || !content.current) return undefined;
    const observer = new ResizeObserver(() => {
      if (element.clientHeight === 0) return;
      const held = eye.current;
      if (sticks.current) virtualizer.scrollToEnd();
      else if (held?.element.isConnected && !isLanding()) {
        scrollBy(element, virtualizer, held.element.getBoundingClientRect().top - held.y);
      }
      eye.current = eyeOf(element, virtualizer);
    });
    observer.observe(element);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [scroller, content, sticks, virtualizer, isLanding, hasRows]);
  return () => {
    eye.current = scroller.current ? eyeOf(scroller.current, virtualizer) : undefined;
  };
}

const said = '[data-testid="message"], [data-testid="system-line"]';

function eyeOf(scroller: HTMLElement, virtualizer: LogVirtualizer): Eye | undefined {
  const { top } = scroller.getBoundingClientRect();
  for (const item of virtualizer.getVirtualItems()) {
    if (item.end <= scroller.scrollTop) continue;
    const element = virtualizer.elementsCache.get(item.key)?.querySelector(said);
    const y = element?.getBoundingClientRect().top ?? 0;
    if (element && y >= top) return { element, y };
  }
  return undefined;
}

/** Scrolls at once. The virtualizer is told too: rows that change in this frame are moved from where it thinks it is. */
function scrollBy(element: HTMLElement, virtualizer: LogVirtualizer, distance: number) {
  if (Math.abs(distance) < 0.5) return;
  const before = element.scrollTop;
  element.scrollTop = before + distance;
  virtualizer.scrollOffset = (virtualizer.scrollOffset ?? before) + element.scrollTop - before;
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
