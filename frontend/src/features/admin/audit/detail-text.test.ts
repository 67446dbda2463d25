import { expect, test } from 'vitest';
import { createI18n } from '@/i18n/i18n';
import { detailText, type DetailReader } from './detail-text';

const kim = '00000000-0000-4000-8000-000000000001';
const design = '00000000-0000-4000-8000-000000000002';
const nobody = '00000000-0000-4000-8000-0000000000ff';
const names = new Map([
  [kim, '김민지'],
  [design, '디자인팀'],
]);
const reader = (language: 'ko' | 'en'): DetailReader => ({
  t: createI18n(language).getFixedT(language, 'audit'),
  language,
  called: (id) => names.get(id),
});
const ko = reader('ko');

test.each([
  ['people_exported', '{"format":"csv"}', '형식: csv'],
  ['person_changed', '{"fields":["grade","position"]}', '항목: 직급, 직책'],
  ['person_changed', `{"fields":["department=${design}","phone"]}`, '항목: 부서(디자인팀), 전화'],
  [
    'people_changed',
    `{"count":2,"fields":["department="],"users":["${kim}","${nobody}"]}`,
    `인원: 2 · 항목: 부서 · 구성원: 김민지, ${nobody}`,
  ],
  ['people_imported', '{"from_row":2,"rows":1200,"to_row":1201}', '첫 행: 2 · 행 수: 1,200 · 끝 행: 1,201'],
  ['department_changed', `{"head":"${kim}","name":"changed","parent":""}`, '부서장: 김민지 · 이름: 바뀜'],
  ['department_room', '{"whole":true}', '하위 부서 포함: 예'],
  [
    'hold_placed',
    `{"hold":"${nobody}","kind":"person","reason":"소송"}`,
    `보존 ID: ${nobody} · 종류: 사람 · 사유: 소송`,
  ],
  [
    'retention_ended',
    '{"state":"done","messages":12,"files":3,"bytes":5242880}',
    '상태: 완료 · 메시지: 12 · 파일: 3 · 크기: 5MB',
  ],
  [
    'retention_set',
    '{"was":{"rules":null,"daily":false},"is":{"rules":[{"class":"direct","message_days":365,"file_days":0}],"window_from":60,"window_to":330}}',
    '이전: (매일 자동으로 지우기: 아니요) · 이후: (규칙: (대화방 종류: 1:1 대화, 메시지 보관 일수: 365, 파일 보관 일수: 계속 보관), 시작 시각: 01:00, 끝 시각: 05:30)',
  ],
  [
    'file_policy',
    '{"max_bytes":104857600,"types":["pdf","png"],"person_quota":0,"retention_days":0,"unscanned":"refuse","encrypted_archives":"allow","rev":3}',
    '파일 하나의 최대 크기: 100MB · 받는 형식: pdf, png · 한 사람의 한도: 제한 없음 · 모든 파일의 보관 일수: 계속 보관 · 검사기를 쓸 수 없을 때: 받지 않기 · 암호가 걸린 파일: 받기 · 판: 3',
  ],
  [
    'integration_created',
    '{"kind":"token","name":"changed","scopes":["people:read","newer:thing"]}',
    '종류: API 토큰 · 이름: changed · 권한: 구성원 읽기, newer:thing',
  ],
  [
    'integration_failed',
    '{"cause":"timeout","kind":"outgoing","name":"배포","tries":40}',
    '원인: 시간 안에 답이 없음 · 종류: 발신 웹훅 · 이름: 배포 · 시도 횟수: 40',
  ],
  ['a_newer_act', '{"on":false,"until":null,"reason":"","old":{"days":3}}', 'on: 아니요 · old: (days: 3)'],
  ['owner_created', 'command line', '서버의 명령줄에서'],
  ['refresh_reused', 'session 1f', '세션 1f'],
  ['reset_approved', 'request 12', '요청 12'],
  ['password_reset', 'request 12', '요청 12'],
  ['password_reset', 'initial code', '첫 로그인용 코드'],
  ['code_made', 'reset', '비밀번호 재설정용 코드'],
  ['delete_failed', 'disk_full', '서버의 디스크가 가득 참'],
  ['user_deleted', '퇴사 · backup 5e', '퇴사 · 백업 5e'],
  ['role_changed', 'user → auditor: 감사 담당', '일반 → 감사자: 감사 담당'],
  ['notice_reminded', '1200', '1,200명'],
  ['access_requested', `request ${nobody}: 점검`, `점검 (요청 ${nobody})`],
  ['content_read', `request ${nobody}, rooms`, `대화방 목록 (요청 ${nobody})`],
  ['content_read', `request ${nobody}, after seq 40`, `40번 뒤의 메시지 (요청 ${nobody})`],
  ['content_read', `request ${nobody}, search "계약"`, `검색: "계약" (요청 ${nobody})`],
  ['content_read', `request ${nobody}, file 7a`, `파일 7a (요청 ${nobody})`],
  ['rooms_found', `rooms of ${kim}, ${nobody}`, `함께 있는 대화방: 김민지, ${nobody}`],
  // What people wrote stays theirs.
  ['user_disabled', 'reset', 'reset'],
  ['user_disabled', 'command line', 'command line'],
  ['role_changed', '퇴사', '퇴사'],
  ['a_newer_act', '{"cut":', '{"cut":'],
  ['a_newer_act', '42', '42'],
  ['a_newer_act', '{}', ''],
  ['a_newer_act', '', ''],
])('the %s of %s is read as “%s”', (action, detail, text) => {
  expect(detailText({ action, detail }, ko)).toBe(text);
});

test('English words for the same', () => {
  const en = reader('en');
  const detail = '{"fields":["grade","photo"]}';
  expect(detailText({ action: 'person_changed', detail }, en)).toBe('fields: grade, photo');
  expect(detailText({ action: 'role_changed', detail: 'user → admin: x' }, en)).toBe('user → administrator: x');
});

test('of a long list the rest is counted', () => {
  const users = Array.from({ length: 25 }, () => kim);
  const text = detailText({ action: 'people_changed', detail: JSON.stringify({ users }) }, ko);
  expect(text).toBe(`구성원: ${Array(20).fill('김민지').join(', ')} 외 5개`);
});
