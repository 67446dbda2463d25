import { describe, expect, test } from 'vitest';
import { draft } from '@/features/chat/testdata';
import { mentionQuery, mentionsIn, withMention } from './mention-query';

describe('what an @ asks for', () => {
  test.each([
    ['@', 1, [], { from: 0, query: '' }],
    ['@홍', 2, [], { from: 0, query: '홍' }],
    ['안녕 @ㅎㄱㄷ', 7, [], { from: 3, query: 'ㅎㄱㄷ' }],
    ['네\n@홍길', 5, [], { from: 2, query: '홍길' }],
    ['(@kim', 5, [], { from: 1, query: 'kim' }],
    ['@홍길동 뒤', 2, [], { from: 0, query: '홍' }],
    ['kim@corp.kr', 11, [], undefined],
    ['@홍 길', 4, [], undefined],
    ['안녕', 2, [], undefined],
    ['@홍길동', 4, ['홍길동'], undefined],
    ['@홍길동님께', 6, ['홍길동'], undefined],
    [`@${'가'.repeat(40)}`, 41, [], undefined],
  ] as const)('%j at %d', (text, caret, done, wanted) => {
    expect(mentionQuery(text, caret, done)).toEqual(wanted);
  });
});

test('a chosen name stands where the question stood, and the caret behind it', () => {
  expect(withMention('네 @홍 확인요', 4, 2, '홍길동')).toEqual({ text: '네 @홍길동 확인요', caret: 6 });
});

describe('whom the sent text mentions', () => {
  const names = new Map([
    ['hong', '홍길동'],
    ['kim', '김영희'],
  ]);
  const sent = (text: string, all = false) =>
    mentionsIn({ ...draft(text), mentions: ['hong', 'kim', 'gone'], mention_all: all }, (id) => names.get(id));

  test('those whose name is still there, also with a particle behind it', () => {
    expect(sent('@홍길동님께 전달').mentions).toEqual(['hong']);
    expect(sent('홍길동, @김영희').mentions).toEqual(['kim']);
    expect(sent('아무도').mentions).toEqual([]);
  });

  test('everybody only while that is still there', () => {
    expect(sent('@모두 모이세요', true).mention_all).toBe(true);
    expect(sent('@all please', true).mention_all).toBe(true);
    expect(sent('모이세요', true).mention_all).toBe(false);
    expect(sent('@모두 모이세요', false).mention_all).toBe(false);
  });
});
