/** The notices of the invented company, as their author has them; what I did with them beside that. */
import type { AdminNotice, Notice, Notices } from '@/bridge/types';
import { departments, person } from './company';

const hour = 3_600_000;
const day = 24 * hour;

/** A notice, and what I did with it. */
export interface FakeNotice extends AdminNotice {
  mine: { asked: boolean; read: boolean; confirmed_at: number };
}

const uuid = (index: number) => `00000000-0000-4000-a000-${String(index + 1).padStart(12, '0')}`;

const security = `이번 분기 보안 점검을 시작합니다. **12월 4일(금)까지** 아래 세 가지를 마치고 이 공지를 확인해 주세요.

1. PC 운영체제와 브라우저를 최신으로 업데이트
2. 사내 계정 비밀번호 변경
3. 책상 위 문서와 저장 매체 정리

점검 프로그램은 이렇게 실행합니다.
\`\`\`
securecheck --quick --report
\`\`\`
자세한 안내: https://wiki.hanbit.example/security/2026-q4
문의는 정보보안 담당 안재현 이사에게 해 주세요.`;

/** What differs from a plain notice that I have read; ages are hours. */
type Row = Partial<Omit<FakeNotice, 'mine'>> & { title: string; age: number; by: number; mine?: Partial<Notice> };

const rows: readonly Row[] = [
  {
    title: '4분기 정보보안 점검: 12월 4일까지 확인해 주세요',
    text: security,
    age: 3,
    by: 15,
    confirm: true,
    due_at: 8 * day,
    mine: { read: false },
  },
  {
    title: '개발본부 배포 중지 기간 (12/24 – 1/2)',
    text: '연말 배포 중지 기간입니다. 긴급 배포는 본부장 승인 뒤에만 할 수 있습니다.\n`release/*` 브랜치는 12월 23일 18시에 잠급니다.',
    age: 27,
    by: 14,
    confirm: true,
    department_uuids: [departments[2]?.department_uuid ?? ''],
    reminded_at: -2 * hour,
    edited_at: -20 * hour,
  },
  {
    title: '본사 엘리베이터 점검 안내',
    text: '11월 28일(토) 9시부터 13시까지 2호기를 점검합니다. 1호기를 이용해 주세요.',
    age: 50,
    by: 17,
    mine: { read: false },
  },
  {
    title: '개인정보 처리 방침 개정',
    text: '개정된 개인정보 처리 방침이 12월 1일부터 시행됩니다. 내용을 읽고 확인해 주세요.',
    age: 6 * 24,
    by: 13,
    confirm: true,
    due_at: -day,
    mine: { confirmed_at: -5 * day },
  },
  { title: '송년회 장소 변경', text: '장소가 다시 바뀌었습니다.', age: 7 * 24, by: 17, withdrawn_at: -6.5 * day },
  {
    title: '2027년 건강검진 신청',
    text: '인사팀 양식으로 **12월 18일까지** 신청해 주세요. 배우자도 함께 신청할 수 있습니다.',
    age: 9 * 24,
    by: 0,
    confirm: true,
  },
];

/** The company's notices at a moment, the newest first. */
export function makeNotices(now: number, people: number): FakeNotice[] {
  const old = Array.from({ length: 30 }, (_, at): Row => {
    const titles = ['주간 식단 안내', '주차장 이용 안내', '사내 강연 안내', '휴무일 안내', '소모품 신청 안내'];
    const text = '자세한 내용은 사내 위키에서 볼 수 있습니다.';
    return { title: `${titles[at % titles.length]} (${at + 1}차)`, text, age: (11 + at * 3) * 24, by: 17 };
  });
  return [...rows, ...old].map((row, index) => fakeNotice(row, index, now, people));
}

function fakeNotice({ age, by, mine, ...row }: Row, index: number, now: number, people: number): FakeNotice {
  const at = (offset: number | undefined) => (offset === undefined || offset === 0 ? 0 : now + offset);
  const asked = (row.department_uuids ?? []).length === 0 ? people : Math.ceil(people / 5);
  const read = Math.round(asked * Math.min(1, 0.5 + age / 100));
  return {
    notice_uuid: uuid(index),
    author_uuid: person(by).user_uuid,
    author_name: person(by).name,
    text: '',
    confirm: false,
    department_uuids: [],
    rev: index + 1,
    ...row,
    created_at: now - age * hour,
    due_at: at(row.due_at),
    edited_at: at(row.edited_at),
    reminded_at: at(row.reminded_at),
    withdrawn_at: at(row.withdrawn_at),
    asked,
    read,
    confirmed: row.confirm ? Math.round(read * 0.8) : 0,
    mine: { asked: by !== 0, read: mine?.read ?? true, confirmed_at: at(mine?.confirmed_at) },
  };
}

/** A notice as I see it. */
export function asReader({ mine, ...notice }: FakeNotice): Notice {
  const { notice_uuid, author_uuid, title, text, confirm, due_at, created_at, edited_at, reminded_at } = notice;
  return { notice_uuid, author_uuid, title, text, confirm, due_at, created_at, edited_at, reminded_at, ...mine };
}

/** What I hold of the notices. */
export function heldNotices({
  notices,
  noticesShown,
}: {
  notices: readonly FakeNotice[];
  noticesShown: number;
}): Notices {
  const mine = notices.filter(({ withdrawn_at }) => withdrawn_at === 0).map(asReader);
  const unread = mine.filter(({ asked, read }) => asked && !read);
  const unsettled = mine.filter(({ asked, confirm, confirmed_at }) => asked && confirm && confirmed_at === 0);
  return {
    notices: mine.slice(0, noticesShown),
    more: mine.length > noticesShown,
    unread: unread.length,
    unsettled: unsettled.length,
    waiting: new Set([...unread, ...unsettled]).size,
  };
}
