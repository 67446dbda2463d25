import { describe, expect, test } from 'vitest';
import { pieces } from './links';

const linksOf = (text: string) => pieces(text).flatMap((piece) => (piece.link ? [piece.text] : []));

describe('finds', () => {
  test.each([
    ['https://a.kr', ['https://a.kr']],
    ['보세요: http://wiki.corp.local:8080/x?y=1#z 입니다', ['http://wiki.corp.local:8080/x?y=1#z']],
    ['https://a.kr에서 받으세요', ['https://a.kr']],
    ['(https://a.kr/b)', ['https://a.kr/b']],
    ['https://en.wikipedia.org/wiki/Ant_(insect) 참고', ['https://en.wikipedia.org/wiki/Ant_(insect)']],
    ['https://ko.wikipedia.org/wiki/한글', ['https://ko.wikipedia.org/wiki/한글']],
    ['끝. https://a.kr/b.', ['https://a.kr/b']],
    ['https://a.kr/1, https://a.kr/2!', ['https://a.kr/1', 'https://a.kr/2']],
    ['HTTPS://A.KR/B', ['HTTPS://A.KR/B']],
    ['<https://a.kr/b>', ['https://a.kr/b']],
  ])('%s', (text, wanted) => {
    expect(linksOf(text)).toEqual(wanted);
  });
});

test.each(['a.kr', 'javascript:alert(1)', 'file:///etc/passwd', 'https://', 'http:// a', 'himsg://open', ''])(
  'leaves %s alone',
  (text) => {
    expect(linksOf(text)).toEqual([]);
  },
);

test('the pieces joined are the text', () => {
  const text = '앞 https://a.kr/b?c=(d). 뒤\nhttp://x.y';
  expect(
    pieces(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});

test('a hostile text takes no time', () => {
  const before = performance.now();
  pieces(`https://${'a.'.repeat(5_000)}${')'.repeat(5_000)}`);
  expect(performance.now() - before).toBeLessThan(500);
});
