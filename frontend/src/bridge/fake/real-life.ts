/** What is rarer than plain talk in the fake's rooms: answers, reactions, mentions, code, links, notices, deleted ones. */
import type { Message, Reaction } from '@/bridge/types';
import { person } from './company';
import { longText } from './talk';

/** What the planning of a room says that matters here. */
export interface Scene {
  kind: string;
  name?: string;
  last: string;
}

const uuid = (place: number) => person(place).user_uuid;
const reaction = (emoji: string, ...places: number[]): Reaction => ({
  emoji,
  user_uuids: places.map(uuid),
  mine: places.includes(0),
});

const goCode = `재시도 간격을 이렇게 바꿨습니다. **5초를 넘지 않게** 했고, \`jitter()\`가 절반을 흔듭니다.
\`\`\`go
func backoff(n int) time.Duration {
	wait := min(250*time.Millisecond<<n, 5*time.Second)
	return wait/2 + jitter(wait/2) // 모두가 같은 순간에 다시 오지 않도록, 그리고 서버가 다시 살아날 시간을 주도록
}
\`\`\`
배포 전에 한 번 봐 주세요.`;

/** Places are counted from the end: 1 is the last message. */
type Changes = Record<number, Partial<Message>>;

const said = (place: number, text: string): Partial<Message> => ({ sender_uuid: uuid(place), mine: place === 0, text });

/** The project's room: all that a message can be, so that a picture shows real life. */
const project = (seq: (fromEnd: number) => number): Changes => ({
  2: { ...said(2, '네, 12월 3일 맞습니다. 배포 일정도 같이 맞추겠습니다.'), reactions: [reaction('🎉', 1, 4, 23)] },
  3: {
    ...said(0, '둘째 문단의 출시일이 지난 계획으로 되어 있어요. 12월 3일이 맞습니다 @이준호님 확인 부탁드려요.'),
    reply_to_seq: seq(6),
    mentions: [uuid(2)],
    reactions: [reaction('👍', 0, 1, 5), reaction('🙏', 2)],
  },
  4: { kind: 'system', text: '', system: { action: 'pinned', actor_uuid: uuid(1), seq: seq(9) } },
  5: { ...said(1, '👏👏'), reply_to_seq: 0 },
  6: { ...said(1, '보도자료 문구만 한 번 봐 주세요. @한민서님, 출시일 문단이 가장 급합니다.'), mentions: [uuid(0)] },
  7: { ...said(2, goCode), edited_at: 1 },
  8: { kind: 'system', text: '', system: { action: 'joined', actor_uuid: uuid(3), user_uuids: [uuid(4)] } },
  9: {
    ...said(1, '11월 25일(수) 10시 최종 점검 회의 – 3층 대회의실. **자료는 전날 18시까지** 올려 주세요. @모두'),
    mention_all: true,
    pinned: true,
    reactions: [reaction('✅', 0, 2, 3, 4, 5, 6, 23), reaction('❤️', 5)],
  },
  10: { ...said(23, 'Release checklist: https://wiki.hanbit.example/release/checklist?page=2'), forwarded: true },
  11: { text: '', deleted_at: 1 },
  12: { ...said(4, '아까 말씀하신 건 취소된 건가요?'), reply_to_seq: seq(11) },
  13: {
    ...said(
      6,
      '이 주소로 로그인하라는 메일을 받았는데 괜찮은 건가요? https://hanbit.example@аccount-hanbit.example/login',
    ),
  },
  14: { ...said(3, longText) },
  16: { ...said(5, '2차 견적은 **4,200만원**이고 `VAT` 별도입니다.'), pinned: true },
  18: {
    kind: 'system',
    text: '',
    system: { action: 'role', actor_uuid: uuid(1), user_uuids: [uuid(2)], name: 'owner' },
  },
  20: { kind: 'system', text: '', system: { action: 'renamed', actor_uuid: uuid(1), name: '신제품 출시 TF' } },
  22: { ...said(0, '회의록 정리해서 올렸습니다.'), edited_at: 1, reactions: [reaction('😂', 3), reaction('👍', 2, 3)] },
});

/** Any other group. */
const group = (seq: (fromEnd: number) => number): Changes => ({
  4: { kind: 'system', text: '', system: { action: 'joined', actor_uuid: uuid(3), user_uuids: [uuid(4)] } },
  6: { reactions: [reaction('👍', 0, 4), reaction('😂', 3)] },
  7: { reply_to_seq: seq(12) },
  9: { text: '', deleted_at: 1 },
  14: { text: longText },
});

/** A conversation of two. */
const direct = (seq: (fromEnd: number) => number): Changes => ({
  3: { reply_to_seq: seq(6) },
  4: { reactions: [reaction('👍', 0)] },
});

/** Puts it into messages that are plain talk until then. */
export function decorate(messages: Message[], scene: Scene): Message[] {
  const last = messages.at(-1);
  const first = messages[0];
  if (!last || !first) return messages;
  if (scene.last === '') last.deleted_at = last.at;
  const seq = (fromEnd: number) => messages.at(-fromEnd)?.seq ?? 0;
  const isProject = scene.name === '신제품 출시 TF';
  const changes = isProject
    ? project(seq)
    : scene.kind === 'group'
      ? group(seq)
      : scene.kind === 'direct'
        ? direct(seq)
        : {};
  for (const [fromEnd, change] of Object.entries(changes)) {
    const message = messages.at(-Number(fromEnd));
    if (!message || message === last) continue;
    Object.assign(message, change);
    if (message.edited_at > 0) message.edited_at = message.at + 240_000;
  }
  if (scene.kind === 'group') {
    const system = { action: 'created', actor_uuid: uuid(1), name: scene.name ?? '' };
    Object.assign(first, { kind: 'system', text: '', system });
  }
  return messages;
}
