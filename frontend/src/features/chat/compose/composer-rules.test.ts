import { describe, expect, test } from 'vitest';
import { letters, maxLetters, textToSend } from './composer-rules';

describe('textToSend', () => {
  test.each([
    ['안녕', '안녕'],
    ['안녕 \n\n', '안녕'],
    ['\n\n  들여쓰기', '  들여쓰기'],
    ['a\r\nb', 'a\nb'],
    ['', undefined],
    [' \n\t', undefined],
  ])('%j gives %j', (value, wanted) => {
    expect(textToSend(value)).toBe(wanted);
  });

  test('the limit counts code points after NFC', () => {
    expect(textToSend('가'.repeat(maxLetters))).toBeDefined();
    expect(textToSend('가'.repeat(maxLetters + 1))).toBeUndefined();
    expect(textToSend('👍'.repeat(maxLetters))).toBeDefined();
    expect(letters('가'.normalize('NFD').repeat(maxLetters))).toBe(maxLetters);
  });
});
