/** Foreign text within a sentence: what it does to the direction of writing ends with it. */

const turns = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\p{Script=Arabic}\p{Script=Hebrew}]/u;
const opens = /[\u202A\u202B\u202D\u202E\u2066-\u2068]/g;
const closes = /[\u202C\u2069]/g;
const controls = /[\u202A-\u202E\u2066-\u2069]/g;
const isolate = '\u2068';
const endOfIsolate = '\u2069';

/**
 * The text as it may stand within a sentence. Marks that turn the direction stay in it, and reach nothing around it;
 * those that would end the isolation from inside get one more to end.
 */
export function isolated(text: string): string {
  if (!turns.test(text)) return text;
  const before = isolate.repeat(1 + (text.match(closes)?.length ?? 0));
  const after = endOfIsolate.repeat(before.length + (text.match(opens)?.length ?? 0));
  return before + text + after;
}

/**
 * The text without the marks that turn the order of what is behind them: it reads as it is stored. Arabic and Hebrew need
 * none of them.
 */
export function unturned(text: string): string {
  return text.replaceAll(controls, '');
}
