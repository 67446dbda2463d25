/** What a row of the log measures before it was in the page, and which rows move the view when they change. Pure. */
import { filesHeight } from '@/features/chat/file/picture-layout';
import type { LogRow } from './log-rows';

/** The height of a row as it will be, about, in pixels. */
export function estimateHeight(row: LogRow | undefined): number {
  if (!row) return 44;
  const { text, files } = row.message;
  const lines =
    text === '' && files.length > 0
      ? 0
      : text.split('\n').reduce((sum, line) => sum + 1 + Math.floor(line.length / 40), 0);
  const around = (row.head ? 32 : 0) + (row.opensDay ? 44 : 0) + (row.opensUnread ? 40 : 0);
  return 22 + Math.min(lines, 12) * 21 + filesHeight(files) + around;
}

/** A row that changes its size, and the view it may move. */
export interface Resize {
  start: number;
  end: number;
  /** It had a size of its own before, and not only an estimate. */
  measured: boolean;
  /** The reader himself unfolded or folded it: it grows where he looks. */
  byReader: boolean;
  /** The edges of the view. */
  top: number;
  bottom: number;
}

/**
 * Whether the view must follow a row that changes its size, so that the first row that is whole in view stays where it
 * is. A row at the top edge counts as above, unless nothing else is in view.
 */
export function movesView({ start, end, measured, byReader, top, bottom }: Resize): boolean {
  if (!measured) return start < top;
  if (end <= top) return true;
  return start < top && end < bottom && !byReader;
}
