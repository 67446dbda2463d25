/** Finds emoji in a text. Pure. */

// What is drawn in colour: emoji by themselves, letters with U+FE0F behind them, flags, keycaps; with skin tones and all
// that U+200D joins. \p{RGI_Emoji} would say it shorter, but WebKitGTK 2.40 doesn't know it.
const single =
  '(?:\\p{RI}{2}|[0-9#*]\\uFE0F?\\u20E3|(?:\\p{Emoji_Presentation}\\uFE0F?|\\p{Emoji}\\uFE0F|\\p{Emoji_Modifier_Base})' +
  '\\p{Emoji_Modifier}?[\\u{E0020}-\\u{E007F}]*(?:\\u200D\\p{Emoji}\\p{Emoji_Modifier}?\\uFE0F?)*)';
const one = new RegExp(single, 'gu');
const run = new RegExp(`${single}+`, 'gu');

/** A text of at most this many emoji and nothing else shows them large. */
const largeUpTo = 3;

/** Cuts a text into runs of emoji and what is between them; joined they are the text again. */
export function emojiRuns(text: string): { text: string; emoji: boolean }[] {
  const found: { text: string; emoji: boolean }[] = [];
  let from = 0;
  for (const match of text.matchAll(run)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), emoji: false });
    found.push({ text: match[0], emoji: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), emoji: false });
  return found;
}

/** Reports whether a message is one to three emoji. */
export function isLargeEmoji(text: string): boolean {
  if (text.length > 100) return false;
  const rest = text.replaceAll(/\s/g, '');
  const count = rest.match(one)?.length ?? 0;
  return count > 0 && count <= largeUpTo && rest.replaceAll(one, '') === '';
}
