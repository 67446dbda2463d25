import { expect, test } from 'vitest';
import { extensionOf, fileSize, nameParts, shownName } from './file-names';

test.each([
  ['a plain name', '보고서.pdf', '보고서.pdf', 'pdf'],
  ['a name from a Mac, taken apart', '보고서.pdf'.normalize('NFD'), '보고서.pdf', 'pdf'],
  ['one that turns its end around', '초대장\u202Efdp.exe', '초대장fdp.exe', 'exe'],
  ['one with marks of no width', 'a\u200B\u2066b.txt', 'ab.txt', 'txt'],
  ['one of several lines', 'a\r\n\tb.txt', 'ab.txt', 'txt'],
  ['only dots', '...', '...', ''],
  ['a dot first', '.profile', '.profile', ''],
  ['nothing that shows', '\u202E\u0000', '?', ''],
  ['two extensions', 'invoice.pdf.exe', 'invoice.pdf.exe', 'exe'],
  ['a sentence', 'version 2. the last one of all', 'version 2. the last one of all', ''],
  ['marks piled up', `z${'\u0301\u0302\u0303\u0304\u0305'.repeat(9)}.txt`, 'z\u0301\u0302\u0303\u0304.txt', 'txt'],
])('%s', (_, name, shown, extension) => {
  expect(shownName(name).normalize('NFD')).toBe(shown.normalize('NFD'));
  expect(extensionOf(name)).toBe(extension);
});

test.each([
  ['보고서_최종.pdf', '보고', '서_최종.pdf'],
  ['a.pdf', '', 'a.pdf'],
  ['👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧.png', '👨‍👩‍👧', '👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧.png'],
  ['가'.repeat(85), '가'.repeat(81), '가가가가'],
  ['...', '', '...'],
])('%s keeps its end', (name, start, end) => {
  const parts = nameParts(name);
  expect(parts.start + parts.end).toBe(shownName(name));
  expect([parts.start, parts.end]).toEqual([start, end]);
});

test.each([
  [0, '0B'],
  [999, '999B'],
  [1_000, '1KB'],
  [48_211, '47KB'],
  [1_234_567, '1.2MB'],
  [10 << 20, '10MB'],
  [10_380_000, '9.9MB'],
  [5 * 2 ** 30, '5GB'],
  [-1, '0B'],
])('%d bytes are %s', (bytes, shown) => {
  expect(fileSize(bytes)).toBe(shown);
});
