/** Which texts show only their beginning at first. Pure. */

const foldsAtLines = 16;
const foldsAtLetters = 900;

/** So many lines of a long text show before it is unfolded. */
export const foldedLines = 12;

/** Reports whether a text is so long that only its beginning shows at first. */
export function isLong(text: string): boolean {
  return text.length > foldsAtLetters || text.split('\n').length > foldsAtLines;
}
