import { expect, test } from 'vitest';
import { isolated, unturned } from './isolated';

/** How many isolates and embeddings are open behind the text, as the bidi algorithm counts them. */
function openAfter(text: string): number {
  const stack: string[] = [];
  for (const char of text) {
    if (/[\u2066-\u2068\u202A\u202B\u202D\u202E]/.test(char)) stack.push(char);
    else if (char === '\u202C' && /[\u202A-\u202E]/.test(stack.at(-1) ?? '')) stack.pop();
    else if (char === '\u2069' && stack.some((one) => one >= '\u2066')) {
      while (stack.length > 0 && (stack.pop() ?? '') < '\u2066');
    }
  }
  return stack.length;
}

test('an ordinary name stays as it is', () => {
  expect(isolated('홍길동 Kim 1')).toBe('홍길동 Kim 1');
});

test.each(['\u202Eabc', 'abc\u202E', '\u2069\u202Eabc', '\u2067\u2067', 'שלום', '\u202C\u2069\u202D'])(
  'nothing is open behind %j, and nothing is lost',
  (name) => {
    const shown = isolated(name);
    expect(shown).toContain(name);
    expect(openAfter(shown)).toBe(0);
  },
);

test('a text reads as it is stored', () => {
  expect(unturned('보고서\u202Egnp.exe\u202C \u2067a\u2069 \u202Db שלום')).toBe('보고서gnp.exe a b שלום');
});
