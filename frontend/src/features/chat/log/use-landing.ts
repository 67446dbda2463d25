import type { Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import type { Showing } from './conversation-model';
import type { LogRow } from './log-rows';
import { estimateHeight } from './log-size';

export type LogVirtualizer = Virtualizer<HTMLDivElement, Element>;

/** Left free above a row that is shown at the top: the day stands there. In pixels. */
const lead = 48;
/** A landing is over when nothing has moved for so many frames. */
const calmFrames = 12;
const userInput = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/** A row to bring to a place of the view, until it stands there. */
interface Landing {
  key: string;
  /** How far below the upper edge of the view the row begins. */
  below: (size: number, height: number) => number;
  calm: number;
}

/** A row at the upper edge of the view, and how many pixels of it are above that. */
export interface Resting {
  key: string;
  offset: number;
}

export interface LandingOptions {
  rows: readonly LogRow[];
  showing: Showing;
  hasNewer: boolean;
  virtualizer: LogVirtualizer;
  scroller: RefObject<HTMLDivElement | null>;
  stick: (is: boolean) => void;
  /** The row at the upper edge and how much of it is above that, as of the last look; undefined at the end. */
  resting: RefObject<Resting | undefined>;
  /** The target stands, or the reader went on by himself. */
  onLanded: RefObject<() => void>;
}

/**
 * Goes to what is to be shown. Rows that come into the page are measured only then, and move what is below them: so the
 * target is brought to its place again with each commit until all is calm, or until the reader scrolls himself. Returns
 * the function that tells whether that is going on.
 */
export function useLanding(options: LandingOptions): () => boolean {
  const { rows, showing, hasNewer, virtualizer, scroller, stick, resting, onLanded } = options;
  const landing = useRef<Landing>(undefined);
  const shown = useRef(0);

  useEffect(() => {
    const element = scroller.current;
    const release = () => {
      landing.current = undefined;
    };
    for (const kind of userInput) element?.addEventListener(kind, release, { passive: true });
    return () => {
      for (const kind of userInput) element?.removeEventListener(kind, release);
    };
  }, [scroller]);

  // React hides what is shown while another place of the app loads, and what is hidden loses its scroll position.
  const hidden = useRef(false);
  useLayoutEffect(() => {
    const row = resting.current;
    if (hidden.current && row) landing.current = { key: row.key, below: () => -row.offset, calm: 0 };
    hidden.current = false;
    return () => {
      hidden.current = true;
    };
  }, [resting]);

  useLayoutEffect(() => {
    if (showing.id !== shown.current && rows.length > 0) {
      shown.current = showing.id;
      landing.current = landingFor({ rows, showing, hasNewer, height: scroller.current?.clientHeight ?? 0 });
      stick(!landing.current);
      if (!landing.current) virtualizer.scrollToEnd();
    }
    land(landing, rows, virtualizer);
  });

  useEffect(() => {
    // Rows may get their sizes after the commit, and nothing else tells when that has ended.
    let frame = 0;
    const settle = () => {
      const held = landing.current;
      if (!held) return;
      held.calm = land(landing, rows, virtualizer) ? 0 : held.calm + 1;
      if (held.calm <= calmFrames) {
        frame = requestAnimationFrame(settle);
        return;
      }
      landing.current = undefined;
      onLanded.current();
    };
    frame = requestAnimationFrame(settle);
    return () => cancelAnimationFrame(frame);
  });

  return useCallback(() => landing.current !== undefined, []);
}

/** Scrolls so that the target stands where it should. Reports whether anything had to move. */
function land(landing: RefObject<Landing | undefined>, rows: readonly LogRow[], virtualizer: LogVirtualizer): boolean {
  const held = landing.current;
  const element = virtualizer.scrollElement;
  if (!held || !element) return false;
  const item = virtualizer.measurementsCache[rows.findIndex((row) => row.key === held.key)];
  if (!item) return false;
  const height = element.clientHeight;
  const most = Math.max(0, virtualizer.getTotalSize() - height);
  const wanted = Math.min(most, Math.max(0, item.start - held.below(item.size, height)));
  if (Math.abs(element.scrollTop - wanted) <= 1) return false;
  virtualizer.scrollToOffset(wanted);
  return true;
}

type LandingFrom = Pick<LandingOptions, 'rows' | 'showing' | 'hasNewer'> & { height: number };

/** What to land on; undefined for the end. */
function landingFor({ rows, showing: { spot }, hasNewer, height }: LandingFrom): Landing | undefined {
  switch (spot.at) {
    case 'end':
      return undefined;
    case 'unread': {
      const mark = rows.findIndex((row) => row.opensUnread);
      const row = rows[mark];
      const below = rows.slice(mark).reduce((sum, one) => sum + estimateHeight(one), 0);
      if (!row || (!hasNewer && below < height)) return undefined;
      return { key: row.key, below: () => lead, calm: 0 };
    }
    case 'message': {
      // One that is not there for the reader: what comes after it.
      const row = rows.find((one) => one.message.seq >= spot.seq) ?? rows.at(-1);
      return row && { key: row.key, below: (size, view) => Math.max(lead, (view - size) / 2), calm: 0 };
    }
    case 'place': {
      const row = rows.find((one) => one.message.seq >= spot.seq);
      const offset = row?.message.seq === spot.seq ? spot.offset : 0;
      return row && { key: row.key, below: () => -offset, calm: 0 };
    }
  }
}
