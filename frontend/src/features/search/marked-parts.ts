/** Where words stand in a name. Pure. */

/** A part of a name; `at` is where it begins. */
export interface Part {
  at: number;
  text: string;
  hit: boolean;
}

/** The name in parts, those that are one of the words marked. */
export function markedParts(name: string, asked: string): Part[] {
  const words = asked
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const small = name.toLowerCase();
  const parts: Part[] = [];
  let at = 0;
  // A letter that changes its length when small would shift all marks: then nothing is marked.
  while (small.length === name.length && at < name.length) {
    const from = at;
    const found = words
      .map((word) => ({ at: small.indexOf(word, from), length: word.length }))
      .filter((one) => one.at >= 0)
      .toSorted((a, b) => a.at - b.at || b.length - a.length)[0];
    if (!found) break;
    if (found.at > at) parts.push({ at, text: name.slice(at, found.at), hit: false });
    parts.push({ at: found.at, text: name.slice(found.at, found.at + found.length), hit: true });
    at = found.at + found.length;
  }
  if (at < name.length) parts.push({ at, text: name.slice(at), hit: false });
  return parts;
}
