/**
 * What a message's text means: ```blocks of code```, `code`, **bold**, addresses, mentions, emoji. Pure, and linear in
 * the length of any text; what isn't closed stays as it was typed.
 */
import { unturned } from '@/components/isolated';
import { emojiRuns } from './emoji-text';
import { pieces, type Piece } from './links';
import { mentionPieces, type Mentioned } from './mentions';

/** A piece of running text that has no pieces of its own. */
export type Atom =
  | Piece
  | { kind: 'code'; text: string }
  | { kind: 'mention'; text: string; user: string }
  | { kind: 'emoji'; text: string };

/** A piece of running text. */
export type Inline = Atom | { kind: 'bold'; parts: Atom[] };

/** A part of a message: running text, or a block of code with the language that was named for it. */
export type Block = { kind: 'text'; parts: Inline[] } | { kind: 'code'; text: string; language: string };

/** More pieces than this are not looked for: what follows is plain. Nobody writes so much that way. */
const maxPieces = 1_000;
const fence = '```';
const languageLine = /^[ \t]*([A-Za-z0-9+#._-]{0,20})[ \t]*\n/;

/** Cuts a text into blocks. `people` are those it mentions (mentions.ts). */
export function formatted(text: string, people: readonly Mentioned[]): Block[] {
  const blocks: Block[] = [];
  let from = 0;
  const addText = (until: number) => {
    // A block stands on lines of its own, whether it was typed so or not.
    const part = text.slice(from, until).replace(blocks.length > 0 ? /^\n/ : '', '');
    const shown = until < text.length ? part.replace(/\n$/, '') : part;
    if (shown !== '') blocks.push({ kind: 'text', parts: inline(shown, people) });
  };
  for (;;) {
    const open = text.indexOf(fence, from);
    const close = open < 0 ? -1 : text.indexOf(fence, open + fence.length);
    if (close < 0) break;
    const inside = text.slice(open + fence.length, close);
    const [first = '', language = ''] = languageLine.exec(inside) ?? [];
    const code = inside.slice(first.length).replace(/\n$/, '');
    if (code.trim() === '') {
      // Nothing between the fences: they are text, and so is all before the second.
      const parts = inline(text.slice(from, close + fence.length), people);
      blocks.push({ kind: 'text', parts });
    } else {
      addText(open);
      blocks.push({ kind: 'code', text: code, language });
    }
    from = close + fence.length;
  }
  if (from < text.length) addText(text.length);
  return blocks;
}

/** The pieces of running text. */
export function inline(text: string, people: readonly Mentioned[]): Inline[] {
  return withBold(atoms(text, people));
}

/** Code first, since nothing inside of it means anything; then addresses, mentions, emoji. */
function atoms(text: string, people: readonly Mentioned[]): Atom[] {
  const found: Atom[] = [];
  let left = text.length;
  const add = (atom: Atom) => {
    found.push(atom);
    left -= atom.text.length + (atom.kind === 'code' ? 2 : 0);
    return found.length < maxPieces;
  };
  for (const atom of all()) {
    if (!add(atom)) break;
  }
  if (left > 0) found.push({ kind: 'plain', text: text.slice(text.length - left) });
  return found;

  function* all(): Generator<Atom> {
    for (const part of codeParts(text)) {
      if (part.kind === 'code') yield part;
      else yield* linkParts(part.text);
    }
  }
  function* linkParts(plain: string): Generator<Atom> {
    for (const piece of pieces(plain)) {
      if (piece.kind !== 'plain') yield piece;
      else yield* nameParts(piece.text);
    }
  }
  function* nameParts(plain: string): Generator<Atom> {
    for (const piece of mentionPieces(plain, people)) {
      if (piece.user !== undefined) yield { kind: 'mention', text: piece.text, user: piece.user };
      else for (const run of emojiRuns(piece.text)) yield { kind: run.emoji ? 'emoji' : 'plain', text: run.text };
    }
  }
}

/** `code` within a line. */
function codeParts(text: string): { kind: 'plain' | 'code'; text: string }[] {
  const found: { kind: 'plain' | 'code'; text: string }[] = [];
  let from = 0;
  for (const match of text.matchAll(/`([^`\n]+)`/g)) {
    const [whole, code = ''] = match;
    if (code.trim() === '') continue;
    if (match.index > from) found.push({ kind: 'plain', text: text.slice(from, match.index) });
    found.push({ kind: 'code', text: code });
    from = match.index + whole.length;
  }
  if (from < text.length) found.push({ kind: 'plain', text: text.slice(from) });
  return found;
}

type Token = { kind: 'atom'; atom: Atom } | { kind: 'line' } | { kind: 'stars'; opens: boolean; closes: boolean };

/** Joins what stands between two pairs of stars on one line. One pass: the open pair waits for the next that closes. */
function withBold(list: readonly Atom[]): Inline[] {
  const done: Inline[] = [];
  let open: Atom[] | undefined;
  const giveUp = () => {
    if (open) done.push({ kind: 'plain', text: '**' }, ...open);
    open = undefined;
  };
  for (const token of starTokens(list)) {
    if (token.kind === 'line') giveUp();
    if (token.kind === 'atom' || token.kind === 'line') {
      const atom: Atom = token.kind === 'line' ? { kind: 'plain', text: '\n' } : token.atom;
      if (open) open.push(atom);
      else done.push(atom);
    } else if (open && open.length > 0 && token.closes) {
      done.push({ kind: 'bold', parts: open });
      open = undefined;
    } else if (token.opens) {
      giveUp();
      open = [];
    } else if (open) open.push({ kind: 'plain', text: '**' });
    else done.push({ kind: 'plain', text: '**' });
  }
  giveUp();
  return joined(done);
}

/** Pairs of stars, line ends, and the rest. Three stars and more are no pair: ****, *** end of page ***. */
function* starTokens(list: readonly Atom[]): Generator<Token> {
  for (const [i, atom] of list.entries()) {
    if (atom.kind !== 'plain') {
      yield { kind: 'atom', atom };
      continue;
    }
    const { text } = atom;
    let from = 0;
    for (const match of text.matchAll(/\*{2,}|\n/g)) {
      const end = match.index + match[0].length;
      if (match[0] !== '\n' && match[0] !== '**') continue;
      if (match.index > from) yield { kind: 'atom', atom: { kind: 'plain', text: text.slice(from, match.index) } };
      from = end;
      if (match[0] === '\n') yield { kind: 'line' };
      else {
        const before = text.charAt(match.index - 1) || lastLetter(list[i - 1]);
        const after = text.charAt(end) || (list[i + 1] ? 'x' : '');
        // 2**3**4 is arithmetic.
        yield { kind: 'stars', opens: /\S/.test(after) && !/[a-z0-9]/i.test(before), closes: /\S/.test(before) };
      }
    }
    if (from < text.length) yield { kind: 'atom', atom: { kind: 'plain', text: text.slice(from) } };
  }
}

/** What stands before stars at the beginning of a piece: nothing, or something that is no Latin letter. */
function lastLetter(atom: Atom | undefined): string {
  return atom ? '가' : '';
}

/** Plain pieces beside each other as one. */
function joined(list: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const one of list) {
    const last = out.at(-1);
    if (one.kind === 'plain' && last?.kind === 'plain')
      out[out.length - 1] = { kind: 'plain', text: last.text + one.text };
    else out.push(one);
  }
  return out;
}

/** The words of a text without the marks, on one line: for quotes and notices. marks.go in core does the same for the list of rooms. */
export function plainWords(text: string): string {
  const start = unturned(text.slice(0, 400));
  return (/[*`]/.test(start) ? withoutMarks(start) : start).replaceAll(/\s+/g, ' ').trim();
}

function withoutMarks(text: string): string {
  return formatted(text, [])
    .map((block) => (block.kind === 'code' ? block.text : block.parts.map(partText).join('')))
    .join(' ');
}

function partText(part: Inline): string {
  return part.kind === 'bold' ? part.parts.map(({ text }) => text).join('') : part.text;
}
