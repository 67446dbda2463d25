/** The fake's answers about reading others' conversations: some requests, and rooms of invented talk that they open. */
import type { Access, AccessMessages, AccessOrder, AccessRoom, FoundRoom, Message } from '@/bridge/types';
import type { Answer } from './account-calls';
import { person } from './company';
import { pageAt } from './pages';
import { smallTalk } from './talk';
import { isSecond, refusal, type FakeWorld } from './world';

const hour = 3_600_000;
const day = 24 * hour;
const pageSize = 100;

function uuid(kind: string, index: number): string {
  return `00000000-0000-4000-${kind}-${String(index + 1).padStart(12, '0')}`;
}

function request(index: number, now: number, more: Partial<Access>): Access {
  const today = new Date(now).setHours(0, 0, 0, 0);
  return {
    access_uuid: uuid('a000', index),
    subject_kind: 'person',
    subject_uuid: person((index + 4) % 20).user_uuid,
    subject_name: '',
    people: [],
    reason: '정보보호 점검 2026-17',
    from: today - 14 * day,
    to: today + day,
    state: 'pending',
    requested_by: person(13).user_uuid,
    requested_at: now - (index + 1) * 2 * hour,
    decided_by: '',
    decided_at: 0,
    expires_at: now + 20 * hour,
    hours: 24,
    may_decide: false,
    may_read: false,
    may_end: false,
    ...more,
  };
}

function firstRequests(world: FakeWorld): Access[] {
  if (world.options.empty) return [];
  const now = world.now();
  const me = person(0).user_uuid;
  const second = isSecond(world.options.role);
  const decided = { decided_by: person(14).user_uuid, decided_at: now - hour };
  return [
    request(0, now, { may_decide: second, may_end: second, reason: '내부 신고 접수 건 사실 확인' }),
    request(1, now, {
      requested_by: me,
      state: 'approved',
      ...decided,
      expires_at: now + 3.2 * hour,
      hours: 4,
      may_read: true,
      may_end: true,
    }),
    ...Array.from({ length: 40 }, (_, index) =>
      request(index + 2, now - index * day, {
        // Some were about a room: every sixth had a name.
        ...(index % 3 === 1 && {
          subject_kind: 'room',
          subject_name: index % 6 === 1 ? '12월 신제품 출시' : '',
          people: index % 6 === 1 ? [] : people(index % 12, (index % 12) + 3),
        }),
        ...decided,
        decided_at: now - (index + 1) * day,
        state: ['expired', 'ended', 'rejected'][index % 3] as Access['state'],
        reason: ['퇴직자 인수인계 확인', '고객 분쟁 대응 자료', '보안 사고 조사'][index % 3] ?? '',
      }),
    ),
  ];
}

const people = (...indexes: number[]) => indexes.map((index) => person(index).user_uuid);

/** What people share: each two have their conversation, and those with low numbers some groups. */
const sharedRooms: FoundRoom[] = [
  { room_uuid: uuid('b100', 0), kind: 'group', name: '12월 신제품 출시', members: people(0, 1, 2, 5, 6, 7, 8, 9) },
  { room_uuid: uuid('b100', 1), kind: 'group', name: '', members: people(1, 2, 3) },
  ...Array.from({ length: 20 }, (_, a) =>
    Array.from({ length: a }, (__, b) => ({
      room_uuid: uuid('b101', a * 20 + b),
      kind: 'direct',
      name: '',
      members: people(a, b),
    })),
  ).flat(),
];

const rooms: readonly AccessRoom[] = [
  {
    room_uuid: uuid('b000', 0),
    kind: 'group',
    name: '12월 신제품 출시',
    members: people(0, 1, 2, 5),
    messages: 340,
  },
  { room_uuid: uuid('b000', 1), kind: 'direct', name: '', members: people(5, 2), messages: 12 },
];

function messageAt(room: AccessRoom, seq: number, now: number): Message {
  const system = seq === 1 && room.kind === 'group';
  return {
    room_uuid: room.room_uuid,
    client_id: `seq-${seq}`,
    message_id: seq,
    seq,
    rev: seq,
    kind: system ? 'system' : 'user',
    sender_uuid: room.members[seq % room.members.length] ?? '',
    mine: false,
    text: system || seq % 23 === 0 ? '' : (smallTalk[seq % smallTalk.length] ?? ''),
    at: now - (room.messages - seq) * 37 * 60_000,
    edited_at: seq % 17 === 0 ? now : 0,
    deleted_at: seq % 23 === 0 ? now : 0,
    reply_to_seq: 0,
    mentions: [],
    mention_all: false,
    forwarded: false,
    pinned: false,
    reactions: [],
    files:
      seq % 9 === 4
        ? [
            {
              file_id: uuid('f000', seq),
              name: '12월 신제품 출시 일정 최종본.xlsx',
              size: 48_300 + seq,
              type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
              width: 0,
              height: 0,
              thumbnail: false,
              gone: false,
              transfer: '',
              saved: false,
            },
          ]
        : [],
    state: 'sent',
  };
}

/** The calls about reading others' conversations. */
export function accessCalls(world: FakeWorld, answer: Answer) {
  let requests = firstRequests(world);
  let changes = 0;
  const change = (next: Access[]) => {
    requests = next;
    world.emit({ access: { pending: next.filter((one) => one.may_decide).length, changes: ++changes } });
  };
  const all = (room: AccessRoom) =>
    Array.from({ length: room.messages }, (_, index) => messageAt(room, index + 1, world.now()));
  const open = (accessUuid: string) => {
    if (!requests.some((one) => one.access_uuid === accessUuid && one.may_read)) throw refusal('forbidden', 'rank');
  };
  return {
    accessRequests: () => answer({ requests, next: 0 }),
    askAccess: async (order: AccessOrder) => {
      const now = world.now();
      const asked = request(100 + requests.length, now, {
        ...order,
        requested_by: person(0).user_uuid,
        requested_at: now,
        may_end: true,
      });
      await answer(undefined);
      change([asked, ...requests]);
      return asked;
    },
    decideAccess: async (accessUuid: string, verb: string) => {
      await answer(undefined);
      const state = { approve: 'approved', reject: 'rejected' }[verb] ?? 'ended';
      change(
        requests.map((one) =>
          one.access_uuid === accessUuid
            ? Object.assign({}, one, { state, may_decide: false, may_read: false, may_end: verb === 'approve' })
            : one,
        ),
      );
    },
    saveAccessFile: async (accessUuid: string) => {
      open(accessUuid);
      return answer(true);
    },
    findRooms: async (members: string[], before: number) => {
      const shared = sharedRooms.filter((room) => members.every((member) => room.members.includes(member)));
      const { items, next } = pageAt(shared, before);
      return answer({ rooms: items, next });
    },
    accessRooms: async (accessUuid: string) => {
      open(accessUuid);
      return answer([...rooms]);
    },
    accessMessages: async (accessUuid: string, roomUuid: string, after: number): Promise<AccessMessages> => {
      open(accessUuid);
      const room = rooms.find((one) => one.room_uuid === roomUuid);
      if (!room) throw refusal('not_found');
      const messages = all(room).slice(after, after + pageSize);
      return answer({ messages, next: after + pageSize < room.messages ? after + pageSize : 0 });
    },
    searchAccess: async (accessUuid: string, roomUuid: string, text: string): Promise<AccessMessages> => {
      open(accessUuid);
      const within = rooms.filter((one) => roomUuid === '' || one.room_uuid === roomUuid);
      const found = within.flatMap(all).filter((message) => message.text.includes(text));
      return answer({ messages: found.toReversed().slice(0, 50), next: 0 });
    },
  };
}
