import { expect, test } from 'vitest';
import type { Department, Profile } from '@/bridge/types';
import { searchPeople } from '@/components/person-search';
import { departmentChoices, fittingMembers, noFilter } from './members-model';

const department = (
  id: string,
  name: string,
  parent?: string,
  more: Partial<Department> = {},
): [string, Department] => [
  id,
  { department_uuid: id, name, sort: 0, rev: 1, ...(parent === undefined ? {} : { parent_uuid: parent }), ...more },
];
const departments = new Map([
  department('a', '개발본부'),
  department('b', '개발1팀', 'a'),
  department('c', '영업팀'),
  department('d', '없어진 팀', undefined, { deleted: true }),
]);

function person(id: string, name: string, more: Partial<Profile> = {}): Profile {
  return {
    user_uuid: id,
    name,
    username: id,
    employee_id: '',
    department: '',
    position: '',
    grade: '',
    email: '',
    role: 'user',
    state: 'active',
    rev: 1,
    ...more,
  };
}
const people = [
  person('han', '한가람', { employee_id: 'E10', department: '개발1팀', department_uuid: 'b' }),
  person('kim', '김나래', { employee_id: 'E9', department: '영업팀', department_uuid: 'c', role: 'admin' }),
  person('lee', '이도윤', { employee_id: 'E2', state: 'disabled', department: '개발본부', department_uuid: 'a' }),
  person('gone', '', { state: 'deleted' }),
];
const ids = (filter: Partial<typeof noFilter>) =>
  searchPeople(fittingMembers(people, departments, { ...noFilter, ...filter }), filter.query ?? '').map(
    (one) => one.user_uuid,
  );

test('who was deleted is nobody, and names are in the order of the language', () => {
  expect(ids({})).toEqual(['kim', 'lee', 'han']);
});

test.each([
  ['a department has those below it', { department: 'a' }, ['lee', 'han']],
  ['a role', { role: 'admin' }, ['kim']],
  ['a state', { state: 'disabled' }, ['lee']],
  ['initial consonants', { query: 'ㄱㄴ' }, ['kim']],
  ['a number of employees', { query: 'E10' }, ['han']],
  ['a search within a department', { query: 'ㄱㄴ', department: 'a' }, []],
  ['numbers are in the order of numbers', { order: 'employee_id' as const }, ['lee', 'kim', 'han']],
  ['departments in theirs', { order: 'department' as const }, ['han', 'lee', 'kim']],
])('%s', (_name, filter, want) => {
  expect(ids(filter)).toEqual(want);
});

test('departments to choose from stand as in the tree', () => {
  expect(departmentChoices(departments)).toEqual([
    { uuid: 'a', label: '개발본부' },
    { uuid: 'b', label: '\u2003개발1팀' },
    { uuid: 'c', label: '영업팀' },
  ]);
});
