/** Search as Koreans type it: 홍길동 by 홍길동, 홍기, ㅎㄱㄷ, 홍ㄱㄷ, and ghdrlfehd on the wrong layout. */
import { convertHangulToQwerty, convertQwertyToHangul, disassemble, getChoseong } from 'es-hangul';

const jamo = /[ㄱ-ㅎ]/;
const cluster = /[ㄳㄵㄶㄺ-ㅀㅄ]/g;

/** Small letters, no spaces, and what an input method joined to one key cap taken apart (ㄳ is ㄱㅅ). */
function normalise(text: string): string[] {
  const small = text.normalize('NFC').toLowerCase().replaceAll(/\s+/g, '');
  return [...small.replaceAll(cluster, (both) => disassemble(both))];
}

function sameLetter(typed: string, letter: string, isLast: boolean): boolean {
  if (typed === letter) return true;
  if (jamo.test(typed)) return getChoseong(letter) === typed;
  // The last syllable may still be growing: 기 on its way to 길.
  return isLast && /[가-힣]/.test(typed) && disassemble(letter).startsWith(disassemble(typed));
}

function contains(text: readonly string[], typed: readonly string[]): boolean {
  for (let start = 0; start + typed.length <= text.length; start++) {
    if (typed.every((letter, i) => sameLetter(letter, text[start + i] ?? '', i === typed.length - 1))) return true;
  }
  return false;
}

/** Returns the test for one query. Nothing typed fits everything. */
export function matcher(query: string): (text: string) => boolean {
  const typed = normalise(query);
  if (typed.length === 0) return () => true;
  const plain = typed.join('');
  const spellings = [typed];
  if (/^[a-z]+$/.test(plain)) spellings.push(normalise(convertQwertyToHangul(query.replaceAll(/\s+/g, ''))));
  if (/[ㄱ-ㅣ가-힣]/.test(plain)) {
    const latin = normalise(convertHangulToQwerty(plain));
    if (latin.length > 1) spellings.push(latin);
  }
  return (text) => {
    const letters = normalise(text);
    return spellings.some((spelling) => contains(letters, spelling));
  };
}
