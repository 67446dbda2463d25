import { expect, test } from 'vitest';
import { departments, manyDepartments, people } from '@/bridge/fake/company';
import {
  above,
  dropPlace,
  makeTree,
  placeOf,
  samePlace,
  sideAt,
  stepPlace,
  treeRows,
  type Side,
} from './departments-model';

const tree = makeTree(departments, people);
const named = (name: string) => {
  const node = [...tree.nodes.values()].find((one) => one.department.name === name);
  if (!node) throw new Error(`no department ${name}`);
  return node;
};
const id = (name: string) => (name === '' ? '' : named(name).department.department_uuid);

test('people count where they are and above', () => {
  const top = named('개발본부');
  expect([top.own, top.total]).toEqual([2, 2 + named('개발1팀').own + named('개발2팀').own]);
  expect(above(named('개발1팀'))).toEqual(['개발본부']);
});

test('rows are the tree without what is folded, or what is found with its place', () => {
  const all = treeRows(tree, new Set(), '').map(({ node, depth }) => `${depth}${node.department.name}`);
  expect(all.slice(0, 5)).toEqual(['0경영지원본부', '1인사팀', '0개발본부', '1개발1팀', '1개발2팀']);
  expect(treeRows(tree, new Set([id('개발본부')]), '')).toHaveLength(all.length - 2);
  const found = treeRows(tree, new Set(), 'ㄱㅂ1');
  expect(found.map(({ node, place }) => [node.department.name, place])).toEqual([['개발1팀', '개발본부']]);
});

test.each<[string, string, Side, [string, string] | undefined]>([
  ['인사팀', '개발본부', 'inside', ['개발본부', '']],
  ['인사팀', '개발2팀', 'before', ['개발본부', '개발2팀']],
  ['인사팀', '개발2팀', 'after', ['개발본부', '']],
  ['디자인팀', '개발본부', 'after', ['', '마케팅팀']],
  ['개발본부', '디자인팀', 'after', ['', '마케팅팀']],
  ['개발1팀', '개발1팀', 'after', ['개발본부', '개발2팀']],
  ['개발본부', '개발본부', 'inside', undefined],
  ['개발본부', '개발1팀', 'inside', undefined],
  ['개발본부', '개발1팀', 'before', undefined],
])('%s dropped on %s, %s', (moved, on, side, wanted) => {
  const place = wanted && { parent_uuid: id(wanted[0]), before_uuid: id(wanted[1]) };
  expect(dropPlace(tree, named(moved), named(on), side)).toEqual(place);
});

test('a step goes among siblings, and not beyond them', () => {
  expect(stepPlace(tree, named('개발1팀'), -1)).toBeUndefined();
  expect(stepPlace(tree, named('개발1팀'), 1)).toEqual({ parent_uuid: id('개발본부'), before_uuid: '' });
  expect(stepPlace(tree, named('마케팅팀'), -1)).toEqual({ parent_uuid: '', before_uuid: id('디자인팀') });
  const here = placeOf(tree, named('개발1팀'));
  expect(samePlace(here, { parent_uuid: id('개발본부'), before_uuid: id('개발2팀') })).toBe(true);
});

test.each([
  [2, 'before'],
  [20, 'inside'],
  [47, 'after'],
])('%d pixels down a line of 48 is %s', (offset, side) => {
  expect(sideAt(offset, 48)).toBe(side);
});

test('five thousand departments are a tree, each below its own', () => {
  const many = makeTree(manyDepartments(5_000), []);
  const rows = treeRows(many, new Set(), '');
  expect(rows).toHaveLength(5_000);
  expect(Math.max(...rows.map(({ depth }) => depth))).toBe(4);
});
