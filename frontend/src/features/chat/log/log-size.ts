/** What a row of the log measures before it was in the page, and which rows move the view when they change. Pure. */
import type { Message } from '@/bridge/types';
import { filesHeight } from '@/features/chat/file/picture-layout';
import { isLargeEmoji } from '@/components/text/emoji-text';
import { foldedLines, isLong } from '@/components/text/long-text';
import type { LogRow } from './log-rows';

// What the styles of a row's parts come to, in pixels at the normal size. e2e/scroll.test.ts holds it against real rows.
const day = 45;
const unreadMark = 37;
const systemLine = 37;
const sender = 21;
const headGap = 8;
const rowGap = 4;
const paper = 16;
const goneBorder = 2;
const forwardedLabel = 18;
const quote = 48;
const reactions = 28;
const largeEmoji = 52;
const line = 21;
const codeLine = 20;
/** Margins, borders and head of a block of code, and the space around its lines. */
const codeFrame = 53;
const foldButton = 23;
/** The widest bubble's line, less what words that are not broken leave at its end. */
const lineWidth = 440;

const heights = new WeakMap<Message, number>();

/** The height of a row as it will be, about, in pixels. */
export function estimateHeight(row: LogRow | undefined): number {
  if (!row) return rowGap + paper + line;
  const { message } = row;
  const above = (row.opensDay ? day : 0) + (row.opensUnread ? unreadMark : 0);
  if (message.kind === 'system') return above + systemLine;
  const head = row.head ? headGap + (message.mine ? 0 : sender) : 0;
  const own = heights.get(message) ?? messageHeight(message);
  heights.set(message, own);
  return above + head + own + rowGap;
}

function messageHeight(message: Message): number {
  if (message.deleted_at > 0) return paper + line + goneBorder;
  const below = message.reactions.length > 0 ? reactions : 0;
  const answers = message.reply_to_seq > 0;
  if (isLargeEmoji(message.text)) {
    return below + largeEmoji + (answers || message.forwarded ? paper : 0) + (answers ? quote : 0);
  }
  const over = (answers ? quote : 0) + (message.forwarded ? forwardedLabel : 0);
  const files = filesHeight(message.files);
  const text = message.text === '' && files > 0 ? 0 : textHeight(message.text);
  return paper + over + text + files + below;
}

function textHeight(text: string): number {
  if (isLong(text)) return foldedLines * line + foldButton;
  // Between two fences stands code; a fence that nothing closes is text.
  const parts = text.split('```');
  if (parts.length % 2 === 0) parts.push(parts.splice(-2).join('```'));
  return parts.reduce((sum, part, i) => {
    const inner = part.replaceAll(/^\n|\n$/g, '');
    if (i % 2 === 1) return sum + codeFrame + codeLine * inner.replace(/^[\w+#.-]*\n/, '').split('\n').length;
    return inner === '' && parts.length > 1 ? sum : sum + line * wrappedLines(inner);
  }, 0);
}

function wrappedLines(text: string): number {
  return text.split('\n').reduce((sum, one) => sum + Math.max(1, Math.ceil(textWidth(one) / lineWidth)), 0);
}

/** Korean letters are as wide as each other; the others are taken for their average. */
function textWidth(text: string): number {
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    width += code === 0x20 ? 3.4 : code < 0x1100 ? 7.4 : 12.1;
  }
  return width;
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
