import { describe, expect, test } from 'vitest';
import { destination, pieces } from './links';

const linksOf = (text: string) => pieces(text).flatMap((piece) => (piece.kind === 'plain' ? [] : [piece.text]));

describe('finds', () => {
  test.each([
    ['https://a.kr', ['https://a.kr']],
    ['보세요: http://wiki.corp.local:8080/x?y=1#z 입니다', ['http://wiki.corp.local:8080/x?y=1#z']],
    ['https://a.kr에서 받으세요', ['https://a.kr']],
    ['http://wiki:8080에서', ['http://wiki:8080']],
    ['(https://a.kr/b)', ['https://a.kr/b']],
    ['(https://a.kr)입니다', ['https://a.kr']],
    ['https://en.wikipedia.org/wiki/Ant_(insect) 참고', ['https://en.wikipedia.org/wiki/Ant_(insect)']],
    ['https://ko.wikipedia.org/wiki/한글', ['https://ko.wikipedia.org/wiki/한글']],
    ['끝. https://a.kr/b.', ['https://a.kr/b']],
    ['**https://a.kr/b**', ['https://a.kr/b']],
    ['https://a.kr/1, https://a.kr/2!', ['https://a.kr/1', 'https://a.kr/2']],
    ['HTTPS://A.KR/B', ['HTTPS://A.KR/B']],
    ['<https://a.kr/b>', ['https://a.kr/b']],
    ['https://a.kr/b\u202Egpj.exe', ['https://a.kr/b']],
    ['https://a.kr\\@evil.com', ['https://a.kr']],
  ])('%s', (text, wanted) => {
    expect(linksOf(text)).toEqual(wanted);
    expect(pieces(text).every((piece) => piece.kind !== 'web' || !piece.strange)).toBe(true);
  });
});

test.each([
  'a.kr',
  'javascript:alert(1)',
  'JAVASCRIPT://a.kr/%0aalert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'https://',
  'http:// a',
  'https://[::',
  'himsg://open',
  'himsg://room/1',
  '',
])('leaves %s alone', (text) => {
  expect(linksOf(text)).toEqual([]);
});

describe('asks before it opens', () => {
  test.each([
    ['https://bank.kr:443@evil.example/x', 'credentials', 'evil.example'],
    ['https://www.bank.kr@evil.example', 'credentials', 'evil.example'],
    ['https://аpple.com/로그인', 'letters', 'xn--pple-43d.com'],
    ['https://paypаl.com', 'letters', 'xn--paypl-7ve.com'],
    ['https://www.한글.kr/x', 'letters', 'www.xn--bj0bj06e.kr'],
    ['https://xn--pple-43d.com', 'letters', 'xn--pple-43d.com'],
    ['http://2130706433/', 'disguised', '127.0.0.1'],
    ['http://0x7f.1/x', 'disguised', '127.0.0.1'],
    ['https://ｇoogle.com/', 'letters', 'google.com'],
  ])('%s', (text, strange, host) => {
    expect(pieces(text)).toEqual([{ kind: 'web', text, strange }]);
    expect(destination(text)?.host).toBe(host);
  });

  test('and opens it without a name and a password', () => {
    expect(destination('https://a:b@evil.example/x')?.address).toBe('https://evil.example/x');
  });
});

test('a place in this app', () => {
  const uuid = '00000000-0000-4000-a000-000000000001';
  expect(pieces(`himsg://room/${uuid}/12에서`)[0]).toEqual({
    kind: 'room',
    text: `himsg://room/${uuid}/12`,
    room: uuid,
    seq: 12,
  });
});

test('the pieces joined are the text', () => {
  const text = '앞 https://a.kr/b?c=(d). 뒤\nhttp://x.y himsg://x https://u:p@h';
  expect(
    pieces(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});

test.each([
  ['a long host', `https://${'a.'.repeat(5_000)}${')'.repeat(5_000)}`],
  ['many hosts', 'https://a)'.repeat(1_000)],
  ['many names', `https://${'a@'.repeat(5_000)}`],
])('a hostile text takes no time: %s', (_, text) => {
  const before = performance.now();
  pieces(text);
  expect(performance.now() - before).toBeLessThan(2_000);
});

test('people and notices are places, too', () => {
  const uuid = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
  for (const kind of ['person', 'notice'] as const) {
    expect(pieces(`이분: himsg://${kind}/${uuid}입니다`)[1]).toEqual({ kind, text: `himsg://${kind}/${uuid}`, uuid });
    expect(pieces(`HIMSG://${kind.toUpperCase()}/${uuid.toUpperCase()}`)[0]).toMatchObject({ kind, uuid });
    for (const none of [`himsg://${kind}/${uuid.slice(1)}`, `himsg://${kind}/../${uuid}`, `himsg://${kind}s/${uuid}`])
      expect(pieces(none)).toEqual([{ kind: 'plain', text: none }]);
  }
});
