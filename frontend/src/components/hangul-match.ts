/** Search as Koreans type it: 홍길동 by 홍길동, 홍기, ㅎㄱㄷ, 홍ㄱㄷ, and ghdrlfehd on the wrong layout. */
import { convertHangulToQwerty, convertQwertyToHangul, disassemble } from 'es-hangul';

const cluster = /[ㄳㄵㄶㄺ-ㅀㅄ]/g;

const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const firstSyllable = 0xac00;
/** Unicode orders syllables by initial, vowel, final: so many have one initial. */
const perInitial = 588;

/** The syllables with the same initial as one of them. */
function family(at: number): string[] {
  return Array.from({ length: perInitial }, (_, i) => String.fromCodePoint(firstSyllable + at * perInitial + i));
}

/** A text as it is searched: small letters, no spaces, and what an input method joined to one key cap apart (ㄳ is ㄱㅅ). */
export function normalise(text: string): string {
  const small = text.normalize('NFC').toLowerCase().replaceAll(/\s+/g, '');
  return small.replaceAll(cluster, (both) => disassemble(both));
}

/** So many texts are kept as they are searched: the fields of a large company. Then all are made anew. */
const mostKept = 100_000;
const kept = new Map<string, string>();

/** What is searched of a text. Each key that is typed asks for the same ones again. */
function searched(text: string): string {
  const held = kept.get(text);
  if (held !== undefined) return held;
  if (kept.size >= mostKept) kept.clear();
  const made = normalise(text);
  kept.set(text, made);
  return made;
}

/** The pattern of one typed letter. The last one may still be growing: 기 on its way to 길. */
function letterPattern(typed: string, isLast: boolean): string {
  const at = initials.indexOf(typed);
  if (at >= 0) {
    const all = family(at);
    return `[${typed}${all[0]}-${all.at(-1)}]`;
  }
  if (isLast && /[가-힣]/.test(typed)) {
    const parts = disassemble(typed);
    const grown = family(Math.floor(((typed.codePointAt(0) ?? 0) - firstSyllable) / perInitial));
    return `[${grown.filter((one) => disassemble(one).startsWith(parts)).join('')}]`;
  }
  return typed.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function pattern(typed: string): string {
  const letters = [...typed];
  return letters.map((letter, i) => letterPattern(letter, i === letters.length - 1)).join('');
}

/** Returns the test for one query. Nothing typed fits everything. */
export function matcher(query: string): (text: string) => boolean {
  const fits = normalisedMatcher(query);
  return (text) => fits(searched(text));
}

/** As matcher, for texts that are normalised already. */
export function normalisedMatcher(query: string): (normalised: string) => boolean {
  const typed = normalise(query);
  if (typed === '') return () => true;
  const spellings = [typed];
  if (/^[a-z]+$/.test(typed)) spellings.push(normalise(convertQwertyToHangul(query.replaceAll(/\s+/g, ''))));
  if (/[ㄱ-ㅣ가-힣]/.test(typed)) {
    const latin = normalise(convertHangulToQwerty(typed));
    if (latin.length > 1) spellings.push(latin);
  }
  const fits = new RegExp(spellings.map(pattern).join('|'));
  return (normalised) => fits.test(normalised);
}
