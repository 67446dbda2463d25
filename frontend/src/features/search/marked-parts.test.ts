import { expect, test } from 'vitest';
import { markedParts } from './marked-parts';

test.each([
  ['보고서_최종.pdf', '보고서', '[보고서]_최종.pdf'],
  ['Report report.PDF', 'report pdf', '[Report] [report].[PDF]'],
  ['a.txt', '', 'a.txt'],
  ['a.txt', 'b', 'a.txt'],
  ['İ report', 'report', 'İ report'],
  ['(a+b).zip', '(a+b', '[(a+b]).zip'],
])('%s, looking for %s', (name, asked, shown) => {
  const parts = markedParts(name, asked);
  expect(parts.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('')).toBe(shown);
});
