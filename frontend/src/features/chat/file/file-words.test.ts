import { expect, test } from 'vitest';
import { file, message } from '@/features/chat/testdata';
import { createI18n } from '@/i18n/i18n';
import { filesLine, messageLine } from './file-words';

const t = createI18n('ko').getFixedT('ko', 'file');

test.each([
  ['nothing', [], ''],
  ['a photo', ['a.png'], '사진'],
  ['photos', ['a.png', 'b.JPG', 'c.gif'], '사진 3장'],
  ['a document', ['보고서.pdf'], '📎 보고서.pdf'],
  ['several', ['보고서.pdf', 'a.png', 'b.png'], '📎 파일 3개: 보고서.pdf …'],
  ['a name that turns around', ['a\u202Efdp.exe'], '📎 afdp.exe'],
])('the line of %s', (_, names, line) => {
  expect(filesLine(names, t)).toBe(line);
});

test('a caption follows', () => {
  expect(messageLine(message(1, { text: '**초안**', files: [file('a.pdf')] }), t)).toBe('📎 a.pdf 초안');
  expect(messageLine(message(1, { text: '', files: [file('a.png')] }), t)).toBe('사진');
});
