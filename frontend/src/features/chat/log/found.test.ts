import { expect, test } from 'vitest';
import { foundIn, wordsOf } from './found';

test.each([
  ['words', ' 회의  자료 ', ['회의', '자료']],
  ['capitals', 'Release PLAN', ['release', 'plan']],
  ['a syllable in pieces', '회의'.normalize('NFD'), ['회의']],
  ['nothing', '  ', []],
])('the words of %s', (_, query, wanted) => {
  expect(wordsOf(query)).toEqual(wanted);
});

test.each([
  [
    'twice, also inside of a word',
    '회의록은 회의 뒤에',
    ['회의'],
    [
      [0, 2],
      [5, 7],
    ],
  ],
  ['whatever the capitals', 'The Plan', ['plan'], [[4, 8]]],
  [
    'each word',
    '자료 회의',
    ['회의', '자료'],
    [
      [3, 5],
      [0, 2],
    ],
  ],
  ['not at all', '점심', ['회의'], []],
  ['beside a letter that grows when it gets small', 'İ plan', ['plan'], [[2, 6]]],
])('found %s', (_, text, words, wanted) => {
  expect(foundIn(text, words)).toEqual(wanted);
});
