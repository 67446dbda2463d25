import { describe, expect, test } from 'vitest';
import { matcher } from './hangul-match';

describe('finds', () => {
  test.each([
    ['', '홍길동'],
    ['홍길동', '홍길동'],
    ['길동', '홍길동'],
    ['ㅎㄱㄷ', '홍길동'],
    ['ㄱㄷ', '홍길동'],
    ['홍ㄱㄷ', '홍길동'],
    ['홍길ㄷ', '홍길동'],
    ['홍기', '홍길동'],
    ['ghdrlfehd', '홍길동'],
    ['rlfehd', '홍길동'],
    ['ㅁㅣㄷㅌ', 'Alex Kim'],
    ['alexk', 'Alex Kim'],
    ['개발 1', '개발1팀'],
    ['ㄳ', '감사팀'],
    ['minho.k', 'minho.kang'],
    ['e20101', 'E20101'],
  ])('%s in %s', (query, text) => {
    expect(matcher(query)(text)).toBe(true);
  });
});

describe('does not find', () => {
  test.each([
    ['홍길순', '홍길동'],
    ['ㅎㄷ', '홍길동'],
    ['기동', '홍길동'],
    ['xyz', '홍길동'],
    ['홍길동이', '홍길동'],
  ])('%s in %s', (query, text) => {
    expect(matcher(query)(text)).toBe(false);
  });
});

test('a decomposed name is found by a composed query', () => {
  expect(matcher('홍길')('홍길동'.normalize('NFD'))).toBe(true);
});
