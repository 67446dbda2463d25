/** Finds who is mentioned in a text. Pure. */

/** Somebody whom a message mentions, by the name of today. */
export interface Mentioned {
  user: string;
  name: string;
}

/** A piece of a text; with `user` it mentions somebody, everybody if that is ''. */
export interface MentionPiece {
  text: string;
  user?: string;
}

const everybody: readonly Mentioned[] = [
  { user: '', name: '모두' },
  { user: '', name: 'all' },
];

/** Who can be found in a message's text: the people it mentions, and everybody if it does; long names first. */
export function mentionable(mentioned: readonly Mentioned[], all: boolean): Mentioned[] {
  return [...mentioned.filter(({ name }) => name !== ''), ...(all ? everybody : [])].toSorted(
    (a, b) => b.name.length - a.name.length,
  );
}

const latin = /[\p{Script=Latin}\p{Nd}_]/u;

/** Behind a Latin name no letter may follow (@Alex, not @Alexander); behind a Korean one a particle may. */
function endsThere(text: string, end: number, name: string): boolean {
  return !latin.test(name.at(-1) ?? '') || !latin.test(text.charAt(end));
}

/** Cuts a text into mentions of those people and what is between; joined they are the text again. */
export function mentionPieces(text: string, people: readonly Mentioned[]): MentionPiece[] {
  if (people.length === 0) return [{ text }];
  const found: MentionPiece[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    // kim@all.kr is an address.
    if (at > 0 && latin.test(text.charAt(at - 1))) continue;
    const who = people.find(({ name }) => text.startsWith(name, at + 1) && endsThere(text, at + 1 + name.length, name));
    if (!who) continue;
    if (at > from) found.push({ text: text.slice(from, at) });
    from = at + 1 + who.name.length;
    found.push({ text: text.slice(at, from), user: who.user });
    at = from - 1;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}
