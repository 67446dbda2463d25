import { describe, expect, test } from 'vitest';
import { person } from '@/bridge/fake/company';
import { random } from '@/bridge/fake/talk';
import type { Profile } from '@/bridge/types';
import { searchPeople } from './person-search';

const families = [...'김이박최정강조윤장임한오서신권황안송전홍'];
const syllables = [...'민서준호지은하늘우진영수현정아름다운길동채원태경'];
const departments = ['개발1팀', '개발2팀', '인사팀', '디자인팀', '마케팅팀', '영업1팀', '영업2팀', '경영지원본부'];

/** A company of 10,000. */
function company(): Profile[] {
  const roll = random(11);
  const one = (from: readonly string[]) => from[Math.floor(roll() * from.length)] ?? '';
  return Array.from({ length: 10_000 }, (_, i) => ({
    ...person(0),
    user_uuid: `u${i}`,
    name: one(families) + one(syllables) + one(syllables),
    username: `user${String(i).padStart(5, '0')}`,
    employee_id: `E${20_000 + i}`,
    department: one(departments),
    position: i % 9 === 0 ? '팀장' : '',
    grade: one(['사원', '대리', '과장', '차장', '부장']),
  }));
}

/** The shortest of several runs, in milliseconds: what else the machine does is in the others. */
function fastest(act: () => void): number {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    act();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe('10,000 people', () => {
  const people = company();
  /** The least that any search does: looks at each field of each person. */
  const plain = fastest(() => {
    people.filter((one) =>
      [one.name, one.department, one.employee_id, one.username, one.position, one.grade].some((field) =>
        field.toLowerCase().includes('없는말'),
      ),
    );
  });

  test.each([
    ['a name', '홍길동'],
    ['initials', 'ㅎㄱㄷ'],
    ['one initial, which finds many', 'ㄱ'],
    ['mixed', '홍ㄱㄷ'],
    ['a growing syllable', '홍기'],
    ['the wrong layout', 'ghdrlfehd'],
    ['a department', '디자인'],
    ['a number', 'E29999'],
    ['nothing', '쀍쀍쀍'],
  ])('are searched by %s within six plain scans', (_, query) => {
    // A ratio: a busy machine is slow at both.
    expect(fastest(() => searchPeople(people, query)) / plain).toBeLessThan(6);
  });
});
