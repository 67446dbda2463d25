/**
 * A bridge without a core behind it: an invented company that answers. For work on the page in a browser, for pictures
 * and for tests. It is loaded only outside of the app's window.
 */
import type { Bridge } from '@/bridge/bridge';
import { emptyMirror } from '@/bridge/mirror';
import type { Profile, State, Update } from '@/bridge/types';
import { accountCalls, answerOf } from './account-calls';
import { departments, manyDepartments, manyPeople, people, person } from './company';
import { fileCalls } from './file-calls';
import { groupCalls } from './group-calls';
import { logCalls } from './log-calls';
import { pictureUrl } from './pictures';
import { messageCalls } from './message-calls';
import { noticeCalls } from './notice-calls';
import { makeNotices } from './notices';
import { peopleCalls, waitingResets } from './people-calls';
import type { FakeOptions } from './options';
import { roomCalls } from './room-calls';
import { newReset } from './reset-calls';
import { makeRooms } from './rooms';
import { firstUpdate } from './update-calls';
import { myself, refusal, snapshot, type FakeWorld } from './world';

/** Makes the world and the door to it. */
export function fakeBridge(options: FakeOptions, now: () => number): Bridge {
  const listeners = new Set<(update: Update) => void>();
  const rooms = options.empty ? [] : makeRooms(now(), options.messages);
  const world: FakeWorld = {
    options,
    now,
    state: firstState(options, now()),
    settings: { ...emptyMirror.settings, language: options.language, theme: options.theme },
    cacheBytes: 38_912_345,
    rooms: new Map(rooms.map((fake) => [fake.room.room_uuid, fake])),
    held: new Map(),
    transfers: new Map(),
    people: new Map([...colleagues(options), ...manyPeople(options.people)].map((one) => [one.user_uuid, one])),
    departments: new Map(
      [...(options.empty ? [] : departments), ...manyDepartments(options.departments)].map((one) => [
        one.department_uuid,
        one,
      ]),
    ),
    notices: options.empty ? [] : makeNotices(now(), Math.max(people.length, options.people)),
    noticesShown: 20,
    resets: options.empty ? [] : waitingResets(now()),
    pending: options.empty
      ? []
      : [
          { id: 1, name: '신유라', department: '개발1팀', at: now() - 22 * 60_000 },
          { id: 2, name: '채수빈', department: '디자인팀', at: now() - 220 * 60_000 },
          { id: 3, name: '오정세', department: '영업2팀', at: now() - 1_500 * 60_000 },
        ],
    emit: (update) => {
      for (const listener of listeners) listener({ full: false, ...update });
    },
    later: (ms, act) => {
      setTimeout(act, ms);
    },
  };
  return {
    ...accountCalls(world),
    ...roomCalls(world),
    ...logCalls(world),
    ...messageCalls(world),
    ...groupCalls(world),
    ...fileCalls(world),
    ...peopleCalls(world),
    ...noticeCalls(world, answerOf(world)),
    assetUrl: (path) => (options.served ? path : pictureUrl(path)),
    snapshot: () => Promise.resolve(snapshot(world)),
    keepLaunch: async () => {},
    copyText: (text) => navigator.clipboard.writeText(text),
    onUpdate: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const theBot = {
  name: '주문 시스템',
  icon: '📦',
  bot: true,
  username: '',
  employee_id: '',
  department: '',
  department_uuid: '',
  position: '',
  grade: '',
  email: '',
};

/** Who says most may be a bot, to see how its messages look. */
function colleagues({ bot }: FakeOptions): readonly Profile[] {
  return bot ? people.with(1, { ...person(1), ...theBot }) : people;
}

/** What became of a store of a newer version. */
const aside = {
  messages: 2,
  drafts: 1,
  files: 0,
  unread: true,
  path: '/home/minji/.local/share/himsg/stores/5e0c8b.db.newer-1795770000000',
};

function firstState(options: FakeOptions, now: number): State {
  return {
    ...emptyMirror.state,
    managed: options.managed,
    keyring_ok: options.keyring === '',
    keyring_waits: options.keyring === 'locked',
    server_preset: options.preset,
    ...(options.store === 'newer' ? { notice: { ...refusal('store'), reason: 'newer_store' } } : {}),
    ...(options.store === 'aside' ? { store_aside: aside } : {}),
    app: firstUpdate(options.update, now),
    phase: options.phase,
    link: options.link,
    retry_at: options.link === 'offline' ? now + 24_000 : 0,
    ...(options.link === 'offline' ? { link_problem: refusal('offline') } : {}),
    server_address: options.phase === 'connect' ? '' : 'https://talk.hanbit.example',
    server_name: options.phase === 'connect' ? '' : '한빛상사',
    ...(options.phase === 'signed_in' ? { me: myself(options) } : {}),
    sign_in: {
      directory: false,
      browser: options.browser,
      ...(options.browser ? { browser_name: '한빛 통합 로그인' } : {}),
    },
    locked: options.locked,
    unlock_browser: options.browser,
    ...(options.phase === 'resetting' ? { reset: { ...newReset('minseo.han', now), state: options.reset } } : {}),
    ...(options.phase === 'waiting' ? { sign_up: newSignUp(options.signUp) } : {}),
  };
}

function newSignUp(state: string) {
  return {
    username: 'minseo.han',
    name: '한민서',
    state,
    reason: state === 'rejected' ? '사번이 확인되지 않습니다.' : '',
  };
}
