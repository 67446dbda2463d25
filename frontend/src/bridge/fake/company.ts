/** The invented company of the fake bridge. */
import type { Department, Profile } from '@/bridge/types';

const departmentNames = ['경영지원본부', '인사팀', '개발본부', '개발1팀', '개발2팀', '디자인팀', '마케팅팀', '영업2팀'];

// name, department, 직급, 직책, user name
const rows: readonly [string, number, string, string, string][] = [
  ['한민서', 6, '대리', '기획 담당', 'minseo.han'],
  ['김서연', 6, '부장', '팀장', 'seoyeon.kim'],
  ['이준호', 3, '과장', '백엔드 리드', 'junho.lee'],
  ['박지민', 1, '대리', '급여 담당', 'jimin.park'],
  ['정다은', 3, '사원', '', 'daeun.jung'],
  ['최현우', 7, '차장', '파트장', 'hyunwoo.choi'],
  ['윤하늘', 5, '사원', 'UI 디자이너', 'haneul.yoon'],
  ['강민호', 7, '차장', '팀장', 'minho.kang'],
  ['조은비', 4, '과장', '파트장', 'eunbi.cho'],
  ['임태영', 4, '사원', '', 'taeyoung.lim'],
  ['오세훈', 7, '과장', '', 'sehoon.oh'],
  ['서지우', 5, '차장', '팀장', 'jiwoo.seo'],
  ['신동욱', 3, '부장', '팀장', 'dongwook.shin'],
  ['권나라', 1, '차장', '팀장', 'nara.kwon'],
  ['황보라', 0, '이사', '본부장', 'bora.hwang'],
  ['안재현', 2, '이사', '본부장', 'jaehyun.ahn'],
  ['송유진', 6, '사원', '', 'yujin.song'],
  ['전소미', 0, '대리', '총무 담당', 'somi.jeon'],
  ['홍길동', 4, '대리', '', 'gildong.hong'],
  ['문채원', 3, '대리', 'QA 담당', 'chaewon.moon'],
  ['배성우', 7, '대리', '', 'sungwoo.bae'],
  ['류지아', 5, '대리', '', 'jia.ryu'],
  ['남궁민', 4, '사원', '', 'min.namgoong'],
  ['Alex Kim', 2, '수석', 'Architect', 'alex.kim'],
];

function personUuid(index: number): string {
  return `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
}

function departmentUuid(index: number): string {
  return `00000000-0000-4000-9000-${String(index + 1).padStart(12, '0')}`;
}

/** Who leads each department. */
const heads: readonly (number | undefined)[] = [14, 13, 15, 2, undefined, 11, 1, 5];

/** The departments; 개발1팀, 개발2팀 belong to 개발본부 and 인사팀 to 경영지원본부. */
export const departments: readonly Department[] = departmentNames.map((name, index) => ({
  department_uuid: departmentUuid(index),
  ...(index === 1 ? { parent_uuid: departmentUuid(0) } : {}),
  ...(index === 3 || index === 4 ? { parent_uuid: departmentUuid(2) } : {}),
  name,
  ...(heads[index] === undefined ? {} : { head_uuid: personUuid(heads[index]) }),
  sort: index,
  rev: index + 1,
}));

/** More departments, as many as asked for: 부서 00001 has ten below it, and each of those has ten. */
export function manyDepartments(count: number): Department[] {
  return Array.from({ length: count }, (_, at) => ({
    department_uuid: departmentUuid(1_000 + at),
    ...(at === 0 ? {} : { parent_uuid: departmentUuid(1_000 + Math.floor((at - 1) / 10)) }),
    name: `부서 ${String(at + 1).padStart(5, '0')}`,
    sort: 1_000 + at,
    rev: 1_000 + at,
  }));
}

/** The people; the first one is the user. */
export const people: readonly Profile[] = rows.map(([name, department, grade, position, username], index) => ({
  user_uuid: personUuid(index),
  name,
  username,
  employee_id: `E20${String(101 + index * 7)}`,
  department: departmentNames[department] ?? '',
  department_uuid: departmentUuid(department),
  position,
  grade,
  email: `${username}@hanbit.example`,
  role: index === 0 ? 'admin' : 'user',
  state: 'active',
  rev: index + 1,
}));

/** The person with that place in the list. */
export function person(index: number): Profile {
  const found = people[index];
  if (!found) throw new Error(`no person ${index}`);
  return found;
}

const families = [...'김이박최정강조윤장임한오서신권황안송전홍'];
const firsts = ['민준', '서연', '도윤', '하은', '지호', '수아', '예준', '지유', '시우', '채원', '은우', '다인', '현서'];

/** More colleagues, as many as asked for: a large company. */
export function manyPeople(count: number): Profile[] {
  return Array.from({ length: count }, (_, at) => {
    const department = at % departmentNames.length;
    const username = `person${String(at + 1).padStart(5, '0')}`;
    return {
      ...person(1),
      user_uuid: personUuid(1_000 + at),
      name: `${families[at % families.length]}${firsts[at % firsts.length]}`,
      username,
      employee_id: `P${String(100_000 + at)}`,
      department: departmentNames[department] ?? '',
      department_uuid: departmentUuid(department),
      position: '',
      grade: ['사원', '대리', '과장', '차장'][at % 4] ?? '',
      email: `${username}@hanbit.example`,
      role: at % 997 === 0 ? 'auditor' : 'user',
      state: at % 40 === 7 ? 'disabled' : 'active',
      rev: 1_000 + at,
    };
  });
}
