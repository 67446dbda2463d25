import { describe, expect, test } from 'vitest';
import { random } from '@/bridge/fake/talk';
import { isLargeEmoji } from './emoji-text';
import { formatted, plainWords, type Block, type Inline } from './format';
import { mentionable } from './mentions';

const people = mentionable(
  [
    { user: 'hong', name: '홍길동' },
    { user: 'alex', name: 'Alex Kim' },
    { user: 'short', name: '홍길' },
  ],
  true,
);

/** One letter a kind, so that a row reads at a glance: b[…] bold, c[…] code, l[…] address, r[…] room, @[…] mention, e[…] emoji. */
function short(part: Inline): string {
  switch (part.kind) {
    case 'plain':
      return part.text;
    case 'bold':
      return `b[${part.parts.map(short).join('')}]`;
    case 'mention':
      return `@[${part.user || 'all'}]`;
    default:
      return `${{ code: 'c', web: 'l', room: 'r', person: 'p', notice: 'n', emoji: 'e' }[part.kind]}[${part.text}]`;
  }
}

const shape = (text: string) =>
  formatted(text, people).map((block) =>
    block.kind === 'code' ? { language: block.language, code: block.text } : block.parts.map(short).join(''),
  );

describe('running text', () => {
  test.each([
    ['보통 말', '보통 말'],
    ['**중요**합니다', 'b[중요]합니다'],
    ['아주**중요**합니다', '아주b[중요]합니다'],
    ['**가** 나 **다**', 'b[가] 나 b[다]'],
    ['** 공백 **', '** 공백 **'],
    ['**안 닫힘', '**안 닫힘'],
    ['**줄\n바꿈**', '**줄\n바꿈**'],
    ['2**3**4', '2**3**4'],
    ['****', '****'],
    ['*** 끝 ***', '*** 끝 ***'],
    ['****암호****', '****암호****'],
    ['*별 하나*', '*별 하나*'],
    ['**여는 **것 둘**', '**여는 b[것 둘]'],
    ['**보기 https://a.kr/b 와 `x`**', 'b[보기 l[https://a.kr/b] 와 c[x]]'],
    ['**`x`**', 'b[c[x]]'],
    ['`코드`와 `둘`', 'c[코드]와 c[둘]'],
    ['`**아님**`', 'c[**아님**]'],
    ['`줄\n바꿈`', '`줄\n바꿈`'],
    ['``', '``'],
    ['`https://a.kr`', 'c[https://a.kr]'],
    ['@홍길동님께 부탁', '@[hong]님께 부탁'],
    ['@홍길님', '@[short]님'],
    ['**@홍길동**', 'b[@[hong]]'],
    ['@Alex Kim께', '@[alex]께'],
    ['@Alex Kimberly', '@Alex Kimberly'],
    ['kim@all.kr', 'kim@all.kr'],
    ['@모두께, @all', '@[all]께, @[all]'],
    ['@아무개님', '@아무개님'],
    ['좋아요👍🏽입니다', '좋아요e[👍🏽]입니다'],
    ['👨‍👩‍👧‍👦🇰🇷1️⃣❤️', 'e[👨‍👩‍👧‍👦🇰🇷1️⃣❤️]'],
    ['① 12 ♥ → ©', '① 12 ♥ → ©'],
  ])('%s', (text, wanted) => {
    expect(shape(text)).toEqual([wanted]);
  });

  test('mentions nobody whom the message does not mention', () => {
    expect(formatted('@홍길동 @all', mentionable([], false))).toEqual([
      { kind: 'text', parts: [{ kind: 'plain', text: '@홍길동 @all' }] },
    ]);
  });
});

describe('blocks of code', () => {
  test.each([
    ['```\nx = 1\n```', [{ language: '', code: 'x = 1' }]],
    ['앞\n```go\nfunc a() {\n\t**b**\n}\n```\n뒤', ['앞', { language: 'go', code: 'func a() {\n\t**b**\n}' }, '뒤']],
    ['말 ```한 줄``` 뒤', ['말 ', { language: '', code: '한 줄' }, ' 뒤']],
    ['```\n\n  들여쓰기\n\n```', [{ language: '', code: '\n  들여쓰기\n' }]],
    ['```안 닫힘', ['```안 닫힘']],
    ['``````', ['``````']],
    ['``` ```', ['``` ```']],
    [
      '```\na\n```\n```\nb\n```',
      [
        { language: '', code: 'a' },
        { language: '', code: 'b' },
      ],
    ],
  ])('%j', (text, wanted) => {
    expect(shape(text)).toEqual(wanted);
  });
});

test.each([
  ['👍', true],
  ['👍🏽 ❤️', true],
  ['👨‍👩‍👧‍👦🇰🇷1️⃣', true],
  ['👍👍👍👍', false],
  ['👍 네', false],
  ['1', false],
  ['', false],
])('%s is large: %s', (text, wanted) => {
  expect(isLargeEmoji(text)).toBe(wanted);
});

test.each([
  ['**중요** `코드`\n둘째 줄', '중요 코드 둘째 줄'],
  ['```\nx\n```', 'x'],
  ['2 ** 3', '2 ** 3'],
  ['2**3**4', '2**3**4'],
  ['**안 닫힘', '**안 닫힘'],
  ['**여는 **것 둘**', '**여는 것 둘'],
  ['****암호****', '****암호****'],
  ['**`x`** `**아님**`', 'x **아님**'],
  ['**줄\n바꿈**', '**줄 바꿈**'],
  ['앞\n```go\n\t**b**\n```\n뒤', '앞 **b** 뒤'],
  ['``` ``` ```go\n```', '``` ``` ```go ```'],
  ['보기 https://a.kr/b 와 👍', '보기 https://a.kr/b 와 👍'],
])('%j in words', (text, wanted) => {
  expect(plainWords(text)).toBe(wanted);
});

/** All that was typed, with its marks; but for line breaks and languages at the edges of blocks. */
function typed(blocks: readonly Block[]): string {
  const piece = (part: Inline): string => {
    if (part.kind === 'bold') return `**${part.parts.map(piece).join('')}**`;
    return part.kind === 'code' ? `\`${part.text}\`` : part.text;
  };
  return blocks
    .map((block) => (block.kind === 'code' ? `\`\`\`${block.text}\`\`\`` : block.parts.map(piece).join('')))
    .join('');
}

describe('any text', () => {
  const bits = [
    '**',
    '*',
    '`',
    '```',
    '\n',
    ' ',
    '@',
    '@홍길동',
    '@all',
    'https://a.kr',
    '://',
    '.',
    ')',
    '가',
    'x',
    '1',
  ];
  const odd = [
    '👍',
    '🏽',
    '\u200D',
    '\uFE0F',
    '\u202E',
    '̴̀',
    '\u{1F1F0}',
    '<b>',
    '&amp;',
    '\uD800',
    'himsg://',
    'аpple',
  ];
  const all = [...bits, ...odd];

  test('is shown whole, in 5,000 random ones', () => {
    const roll = random(42);
    for (let n = 0; n < 5_000; n++) {
      const text = Array.from({ length: Math.floor(roll() * 24) }, () => all[Math.floor(roll() * all.length)]).join('');
      const blocks = formatted(text, people);
      // Line breaks at the edges of blocks belong to the block.
      const without = (value: string) => value.replaceAll('\n', '');
      const languages = blocks.reduce((sum, block) => sum + (block.kind === 'code' ? block.language.length : 0), 0);
      expect(without(typed(blocks)).length + languages, JSON.stringify(text)).toBeGreaterThanOrEqual(
        without(text).replaceAll(/[ \t]/g, '').length,
      );
      expect(text.includes('```') || typed(blocks) === text, JSON.stringify(text)).toBe(true);
    }
  }, 30_000);

  test.each([
    ['stars', '**a '.repeat(2_500)],
    ['closing stars', 'a** '.repeat(2_500)],
    ['ticks', '`'.repeat(10_000)],
    ['unclosed ticks', '`a\n'.repeat(3_333)],
    ['fences', '```'.repeat(3_333)],
    ['unclosed fences', `\`\`\`${' \n'.repeat(5_000)}`],
    ['at signs', '@'.repeat(10_000)],
    ['mentions', '@홍길동'.repeat(2_500)],
    ['emoji', '👍a'.repeat(3_333)],
    ['joiners', '👍\u200D'.repeat(3_333)],
    ['flags', '\u{1F1F0}'.repeat(5_000)],
    ['tags', `🏴${'\u{E0061}'.repeat(4_999)}`],
    ['one word', '가'.repeat(10_000)],
    ['marks', `a${'\u0300'.repeat(9_999)}`],
    ['addresses', 'https://a.kr '.repeat(769)],
  ])('takes no time and few pieces: %s', (_, text) => {
    const before = performance.now();
    const blocks = formatted(text, people);
    isLargeEmoji(text);
    plainWords(text);
    expect(performance.now() - before).toBeLessThan(2_000);
    const count = blocks.reduce((sum, block) => sum + (block.kind === 'code' ? 1 : block.parts.length), 0);
    expect(count).toBeLessThan(5_000);
  });
});
