/** Where the words of a search stand in a text. Pure. */

/** The words of a query; a message that is found has them all. */
export function wordsOf(query: string): string[] {
  return query
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** The places of the words in a text, as pairs of start and end; also inside of longer words. */
export function foundIn(text: string, words: readonly string[]): [number, number][] {
  const small = text.toLowerCase();
  // Some letters get longer when they get small: places would be wrong.
  const searched = small.length === text.length ? small : text;
  return words.flatMap((word) => {
    const found: [number, number][] = [];
    for (let at = searched.indexOf(word); at >= 0; at = searched.indexOf(word, at + word.length)) {
      found.push([at, at + word.length]);
    }
    return found;
  });
}
