/** No view writes a text out: each comes from the resources, or one of the languages would miss it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const read = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|test-|testdata|^bridge\/fake|^i18n|^wailsjs|\.d\.ts$/.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }));

/** Attributes that people read or hear. */
const spoken = new Set(['aria-label', 'title', 'label', 'placeholder', 'alt', 'description', 'text', 'error']);
const word = /\p{L}{2,}/u;
const korean = /\p{Script=Hangul}{2,}/u;

/** What is the same in both languages: their own names, the app's, addresses, the mention of all, the initials. */
const allowed = new Set([
  '한국어',
  'English',
  'Hi_Msg',
  'https://',
  'talk.company.co.kr',
  '모두',
  'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ',
]);

function writtenOut(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const take = (text: string, letters: RegExp) => {
    if (letters.test(text) && !allowed.has(text.trim())) found.push(text.trim());
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) take(node.text, word);
    else if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
      if (spoken.has(node.name.getText(source))) take(node.initializer.text, word);
    } else if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) take(node.text, korean);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('there is code to read', () => {
  expect(read.length).toBeGreaterThan(200);
});

test('every text comes from the resources', () => {
  const found = read
    .filter(({ name, text }) => name.endsWith('.tsx') || korean.test(text))
    .flatMap(({ name, text }) => {
      const kind = name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
      const source = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, false, kind);
      return writtenOut(source).map((one) => `${name}: ${one}`);
    });
  expect(found).toEqual([]);
}, 30_000); // a busy machine is no failure
