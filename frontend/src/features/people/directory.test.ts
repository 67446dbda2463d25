import { describe, expect, test } from 'vitest';
import { departments, people, person } from '@/bridge/fake/company';
import type { Profile } from '@/bridge/types';
import { directoryRows, type DirectoryFrom } from './directory';

function rows(change: Partial<DirectoryFrom> = {}) {
  return directoryRows({
    people,
    departments,
    presence: new Map([[person(2).user_uuid, 'active']]),
    query: '',
    folded: new Set(),
    noDepartment: '부서 없음',
    ...change,
  });
}

const names = (from: ReturnType<typeof rows>) =>
  from.map((row) => (row.kind === 'person' ? row.person.name : row.name));

describe('the tree', () => {
  test('everybody stands once, under a head that counts its children', () => {
    const all = rows();
    expect(all.filter((row) => row.kind === 'person')).toHaveLength(people.length);
    const head = all.find((row) => row.kind === 'department' && row.name === '개발본부');
    expect(head).toMatchObject({ depth: 0, total: 10, online: 1 });
    const child = all.find((row) => row.kind === 'department' && row.name === '개발1팀');
    expect(child).toMatchObject({ depth: 1, total: 4 });
  });

  test('a folded department hides its people and its children', () => {
    const head = rows().find((row) => row.kind === 'department' && row.name === '개발본부');
    const folded = names(rows({ folded: new Set([head?.key ?? '']) }));
    expect(folded).toContain('개발본부');
    expect(folded).not.toContain('개발1팀');
    expect(folded).not.toContain('이준호');
  });

  test('who has only the name of a department, or none, is not lost', () => {
    const loose: Profile[] = [
      { ...person(1), department_uuid: '', department: '감사실' },
      { ...person(2), department_uuid: '', department: '' },
    ];
    expect(names(rows({ people: loose }))).toEqual(['감사실', '김서연', '부서 없음', '이준호']);
  });

  test('who leads a department stands first in it; a head from elsewhere stands beside its name', () => {
    const [top] = rows({
      departments: departments.map((one) => Object.assign({}, one, { head_uuid: person(18).user_uuid })),
    });
    expect(top).toMatchObject({ kind: 'department', name: '경영지원본부', head: '홍길동' });
    const all = rows();
    const at = all.findIndex((row) => row.kind === 'department' && row.name === '경영지원본부');
    expect(all[at]).toMatchObject({ head: '' });
    expect(all[at + 1]).toMatchObject({ person: { name: '황보라' }, leads: true });
    expect(all.filter((row) => row.kind === 'person' && row.leads)).toHaveLength(7);
  });

  test('who has left is not there', () => {
    expect(rows({ people: [{ ...person(1), state: 'deleted' }] })).toEqual([]);
  });
});

describe('search', () => {
  test.each([
    ['홍길동', ['홍길동']],
    ['ㅎㄱㄷ', ['홍길동']],
    ['ghdrlfehd', ['홍길동']],
    ['E20101', ['한민서']],
    ['gildong', ['홍길동']],
    ['QA', ['문채원']],
  ])('%s', (query, wanted) => {
    expect(names(rows({ query }))).toEqual(wanted);
  });

  test('a department finds its people; names come first', () => {
    expect(names(rows({ query: '디자인팀' }))).toEqual(['류지아', '서지우', '윤하늘']);
  });
});
