import { expect, test } from 'vitest';
import { people, person } from '@/bridge/fake/company';
import { createI18n, type Language } from '@/i18n/i18n';
import { systemText } from './system-text';

const byUuid = new Map(people.map((one) => [one.user_uuid, one]));
const [me, kim, lee, park] = [0, 1, 2, 3].map((place) => person(place).user_uuid);

function say(language: Language, notice: Parameters<typeof systemText>[0]) {
  const i18n = createI18n(language);
  return systemText(notice, byUuid, i18n.getFixedT(language, 'chat'), i18n.getFixedT(language, 'common'));
}

test.each([
  [{ action: 'created', actor_uuid: kim }, '김서연 님이 대화방을 만들었습니다', '김서연 created the room'],
  [
    { action: 'joined', actor_uuid: park, user_uuids: [lee] },
    '박지민 님이 이준호 님을 초대했습니다',
    '박지민 added 이준호',
  ],
  [
    { action: 'joined', actor_uuid: park, user_uuids: [lee, kim, me] },
    '박지민 님이 이준호 님 외 2명을 초대했습니다',
    '박지민 added 이준호 and 2 more',
  ],
  [
    { action: 'joined', actor_uuid: park, user_uuids: [lee, kim], count: 151 },
    '박지민 님이 이준호 님 외 150명을 초대했습니다',
    '박지민 added 이준호 and 150 more',
  ],
  [
    { action: 'frozen' },
    '이 대화방에는 더 이상 메시지를 보낼 수 없습니다',
    'No more messages can be sent in this room',
  ],
  [{ action: 'left', user_uuids: [lee] }, '이준호 님이 나갔습니다', '이준호 left'],
  [
    { action: 'renamed', actor_uuid: kim, name: '회의' },
    '김서연 님이 방 이름을 ‘회의’로 바꿨습니다',
    '김서연 renamed the room to “회의”',
  ],
  [
    { action: 'renamed', actor_uuid: kim, name: '개발팀' },
    '김서연 님이 방 이름을 ‘개발팀’으로 바꿨습니다',
    '김서연 renamed the room to “개발팀”',
  ],
  [
    { action: 'renamed', actor_uuid: kim, name: '서울' },
    '김서연 님이 방 이름을 ‘서울’로 바꿨습니다',
    '김서연 renamed the room to “서울”',
  ],
  [{ action: 'something_new' }, '대화방이 변경되었습니다', 'The room was changed'],
])('%j', (notice, korean, english) => {
  const known = { ...notice } as Parameters<typeof systemText>[0];
  expect(say('ko', known)).toBe(korean);
  expect(say('en', known)).toBe(english);
});
