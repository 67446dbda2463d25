import { expect, test } from 'vitest';
import { people as company, person } from '@/bridge/fake/company';
import { room } from '@/features/chat/testdata';
import { createI18n } from '@/i18n/i18n';
import { findTargets, forwardTargets } from './forward-targets';

const people = new Map(company.map((one) => [one.user_uuid, one]));
const [me, kim, lee] = [person(0), person(1), person(2)];
const tc = createI18n('ko').getFixedT('ko', 'common');
const rooms = [
  room('tf', { name: '신제품 출시 TF', last_at: 3 }),
  room('kim', { kind: 'direct', other_uuid: kim.user_uuid, last_at: 5 }),
  room('self', { kind: 'self', last_at: 1 }),
  room('notice', { kind: 'notice', name: '공지', last_at: 9 }),
];

function targets(isAdmin = false, known = people) {
  return forwardTargets({ rooms, people: known, me: { user_uuid: me.user_uuid, is_admin: isAdmin }, tc });
}

test('rooms by their last message, then colleagues without a room; not oneself, not where one may not write', () => {
  const all = targets();
  expect(all.slice(0, 3).map((one) => one.name)).toEqual(['김서연', '신제품 출시 TF', '나와의 채팅']);
  expect(all.filter((one) => one.kind === 'person')).toHaveLength(people.size - 2);
  expect(all.some((one) => one.kind === 'person' && one.name === '김서연')).toBe(false);
});

test('an administrator may forward into notices', () => {
  expect(targets(true)[0]?.name).toBe('공지');
});

test('who has left gets nothing', () => {
  const left = new Map(people).set(kim.user_uuid, { ...kim, state: 'deleted' });
  expect(targets(false, left).some((one) => one.name === '김서연')).toBe(false);
});

test.each([
  ['ㅅㅈㅍ', ['신제품 출시 TF']],
  ['ㅇㅈㅎ', ['이준호', '안재현']],
  ['rlatjdus', ['김서연']],
  ['개발1팀', ['문채원', '신동욱', '이준호', '정다은']],
  ['없는 이름', []],
])('%s finds', (query, wanted) => {
  const found = findTargets(targets(), people, query).map((one) => one.name);
  expect(found.toSorted()).toEqual(wanted.toSorted());
  expect(lee.name).toBe('이준호');
});
