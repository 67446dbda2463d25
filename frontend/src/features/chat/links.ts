/** Finds the addresses in a message's text. Pure. */

/** A piece of a text: plain, or an address to press. */
export interface Piece {
  text: string;
  link: boolean;
}

// Host and port; then a path up to a space. A particle may follow a bare host (https://a.kr에서), so Hangul ends it;
// in a path Hangul is common (wiki/한글).
const address = /https?:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:[/?#][^\s<>"'“”‘’「」]*)?/gi;

/** Takes off what belongs to the sentence: full stops, and a closing bracket that the address didn't open. */
function trimEnd(found: string): string {
  let end = found.length;
  while (end > 0) {
    const last = found.charAt(end - 1);
    const inside = found.slice(0, end - 1);
    const unopened = last === ')' && inside.split('(').length <= inside.split(')').length;
    if (!unopened && !'.,;:!?]}…'.includes(last)) break;
    end--;
  }
  return found.slice(0, end);
}

/** Cuts a text into plain pieces and http(s) addresses; joined they are the text again. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const link = trimEnd(match[0]);
    if (match.index > from) found.push({ text: text.slice(from, match.index), link: false });
    found.push({ text: link, link: true });
    from = match.index + link.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), link: false });
  return found;
}
