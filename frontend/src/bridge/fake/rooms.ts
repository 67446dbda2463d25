/** The rooms of the fake bridge with all that was said in them. */
import type { Draft, MemberRead, Message, Room } from '@/bridge/types';
import { people, person } from './company';
import { withFiles } from './files';
import { decorate } from './real-life';
import { random, smallTalk } from './talk';

/** A room with its whole history, oldest first; messages[i] has seq i + 1. */
export interface FakeRoom {
  room: Room;
  messages: Message[];
  reads: MemberRead[];
}

/** Nothing stands in the composer. */
export const noDraft: Draft = { text: '', reply_to_seq: 0, mentions: [], mention_all: false, files: [] };

interface Plan {
  kind: string;
  name?: string;
  /** Places in the list of people; 0 is the user. */
  members: number[];
  /** How long ago the last message came, in minutes. */
  ago: number;
  unread?: number;
  messages?: number;
  last: string;
  lastBy: number;
  draft?: string;
  muted?: boolean;
}

const plans: readonly Plan[] = [
  {
    kind: 'group',
    name: '신제품 출시 TF',
    members: [0, 1, 2, 3, 4, 5, 6, 23],
    ago: 2,
    unread: 2,
    messages: 640,
    last: '최종본 올렸습니다. 확인 부탁드려요',
    lastBy: 1,
  },
  { kind: 'direct', members: [0, 2], ago: 6, unread: 3, last: '네, 배포는 6시에 하겠습니다', lastBy: 2 },
  {
    kind: 'direct',
    members: [0, 3],
    ago: 91,
    last: '연차 신청은 인사 시스템에서 하시면 됩니다.',
    lastBy: 3,
    draft: '연차 신청서는 내일까지 제출하면 될까요?',
  },
  {
    kind: 'group',
    name: '개발1팀',
    members: [0, 2, 4, 12, 19],
    ago: 112,
    unread: 9,
    last: '리뷰 남겼습니다. 확인 부탁드려요.',
    lastBy: 4,
  },
  { kind: 'direct', members: [0, 5], ago: 203, last: '견적서 수정본 보내드렸습니다.', lastBy: 0 },
  {
    kind: 'group',
    name: '동호회 – 등산',
    members: people.map((_, index) => index),
    ago: 1_300,
    unread: 141,
    messages: 180,
    last: '이번 주 토요일 관악산 어떠세요?',
    lastBy: 10,
    muted: true,
  },
  { kind: 'self', members: [0], ago: 1_500, last: '회의 메모: 1. 일정 2. 예산 3. 담당', lastBy: 0, messages: 6 },
  { kind: 'direct', members: [0, 6], ago: 2_900, last: '', lastBy: 6 },
  { kind: 'group', members: [0, 1, 11, 16], ago: 4_400, last: '배너 시안 두 가지 모두 좋네요.', lastBy: 11 },
  { kind: 'direct', members: [0, 23], ago: 5_800, last: 'Thanks, the design doc looks good to me.', lastBy: 23 },
  {
    kind: 'group',
    name: '점심 모임',
    members: [0, 4, 6, 9, 16, 18],
    ago: 7_300,
    last: '오늘은 순댓국입니다!',
    lastBy: 18,
  },
  { kind: 'direct', members: [0, 18], ago: 14_000, last: '회의실 예약 완료했습니다.', lastBy: 18 },
  { kind: 'direct', members: [0, 13], ago: 43_000, last: '네 감사합니다.', lastBy: 0 },
];

const minute = 60_000;

/** Makes every room as it stands at `now`; the first one with so many messages, if that is not 0. */
export function makeRooms(now: number, messages = 0): FakeRoom[] {
  return plans.map((plan, index) => makeRoom(index === 0 && messages > 0 ? { ...plan, messages } : plan, index, now));
}

function makeRoom(plan: Plan, index: number, now: number): FakeRoom {
  const roomUuid = `00000000-0000-4000-a000-${String(index + 1).padStart(12, '0')}`;
  const messages = makeMessages(plan, roomUuid, now);
  const lastSeq = messages.length;
  const lastRead = lastSeq - (plan.unread ?? 0);
  const roll = random(index + 7);
  const reads = plan.members.map((place) => ({
    user_uuid: person(place).user_uuid,
    joined_seq: 0,
    last_read_seq: place === 0 ? lastRead : place === plan.lastBy ? lastSeq : lastSeq - Math.floor(roll() * 5),
  }));
  const room: Room = {
    room_uuid: roomUuid,
    kind: plan.kind,
    name: plan.name ?? '',
    members: plan.members.slice(0, 100).map((place) => person(place).user_uuid),
    member_count: plan.members.length,
    other_uuid: plan.kind === 'direct' ? person(plan.members[1] ?? 0).user_uuid : '',
    last_seq: lastSeq,
    last_read_seq: lastRead,
    unread_count: plan.unread ?? 0,
    last_text: '',
    last_kind: 'user',
    last_sender: '',
    last_at: 0,
    last_deleted: false,
    last_files: [],
    last_file_count: 0,
    last_photos: 0,
    unsent_count: 0,
    draft: { ...noDraft, text: plan.draft ?? '' },
    owners: plan.kind === 'group' ? [person(index % 2 === 0 ? 0 : (plan.members[1] ?? 0)).user_uuid] : [],
    history: 'joined',
    department_uuid: '',
    read_only: false,
    picture: '',
    pins: messages.filter((message) => message.pinned).map((message) => message.seq),
    pinned: false,
    locked: false,
    role: plan.kind === 'group' && index % 2 === 0 ? 'owner' : 'member',
    muted_until: plan.muted ? now + 30 * 24 * 60 * minute : 0,
    notify: 'all',
    favourite: false,
    mentioned_seqs: [],
  };
  return { room: withLast(room, messages), messages, reads };
}

function makeMessages(plan: Plan, roomUuid: string, now: number): Message[] {
  const count = plan.messages ?? 34;
  const roll = random(plan.ago + count);
  const messages: Message[] = [];
  let at = now - plan.ago * minute;
  let speaker = plan.lastBy;
  for (let seq = count; seq >= 1; seq--) {
    const isLast = seq === count;
    const text = isLast ? plan.last : (smallTalk[Math.floor(roll() * smallTalk.length)] ?? '');
    messages.push(newMessage({ roomUuid, seq, sender: speaker, text, at }));
    // A speaker says one or two things; then another one answers, sometimes on the day before.
    const next = roll() < 0.45 ? speaker : (plan.members[Math.floor(roll() * plan.members.length)] ?? 0);
    at -= roll() < 0.06 ? 9 * 60 * minute : Math.floor(roll() * 7) * minute;
    // The user has read what he answered to: nothing unread is his own.
    speaker = next === 0 && seq <= count && count - seq + 1 < (plan.unread ?? 0) + 1 ? plan.lastBy : next;
  }
  return withFiles(decorate(messages.toReversed(), plan), plan);
}

/** A message as the server would have stored it. */
export function newMessage(from: { roomUuid: string; seq: number; sender: number; text: string; at: number }): Message {
  return {
    room_uuid: from.roomUuid,
    client_id: `${from.roomUuid}-${from.seq}`,
    message_id: Number(from.roomUuid.slice(-6)) * 100_000 + from.seq,
    seq: from.seq,
    rev: from.seq,
    kind: 'user',
    sender_uuid: person(from.sender).user_uuid,
    mine: from.sender === 0,
    text: from.text,
    at: from.at,
    edited_at: 0,
    deleted_at: 0,
    reply_to_seq: 0,
    mentions: [],
    mention_all: false,
    forwarded: false,
    pinned: false,
    reactions: [],
    files: [],
    state: 'sent',
  };
}

/** The room with the line that its last message gives. */
export function withLast(room: Room, messages: readonly Message[]): Room {
  const last = messages.findLast((message) => message.seq > 0);
  if (!last) return room;
  return {
    ...room,
    last_seq: last.seq,
    // The app knows better what is a mark.
    last_text: last.text
      .replaceAll(/\*\*|`/g, '')
      .replaceAll(/\s+/g, ' ')
      .slice(0, 200),
    last_kind: last.kind,
    last_sender: last.sender_uuid,
    last_at: last.at,
    last_deleted: last.deleted_at !== 0,
    last_files: last.files.slice(0, 3).map((file) => file.name),
    last_file_count: last.files.length,
    last_photos: last.files.filter((file) => file.thumbnail).length,
    ...(last.system ? { last_system: last.system } : {}),
  };
}
