/** The fake's answers about server, account, settings and administration. */
import type { Bridge } from '@/bridge/bridge';
import { accessCalls } from './access-calls';
import { auditCalls } from './audit-calls';
import { departments, person } from './company';
import { dataCalls } from './data-calls';
import { deviceCalls } from './device-calls';
import { diagnosisCalls } from './diagnosis-calls';
import { figureCalls } from './figure-calls';
import { integrationCalls } from './integration-calls';
import { licenceCalls } from './licence-calls';
import { profileCalls } from './profile-calls';
import { resetCalls } from './reset-calls';
import { updateCalls } from './update-calls';
import { myself, refusal, snapshot, type FakeWorld } from './world';

type AccountCalls = Pick<
  Bridge,
  | 'accessMessages'
  | 'addIntegration'
  | 'integrations'
  | 'removeIntegration'
  | 'rotateIntegration'
  | 'setIntegration'
  | 'accessRequests'
  | 'accessRooms'
  | 'askAccess'
  | 'decideAccess'
  | 'findRooms'
  | 'saveAccessFile'
  | 'searchAccess'
  | 'about'
  | 'licences'
  | 'licenceText'
  | 'diagnose'
  | 'diagnosisText'
  | 'clearCache'
  | 'storage'
  | 'approve'
  | 'askReset'
  | 'auditEntries'
  | 'cancelBrowser'
  | 'cancelRetention'
  | 'endHold'
  | 'filePolicy'
  | 'health'
  | 'holds'
  | 'placeHold'
  | 'previewRetention'
  | 'profileFields'
  | 'retention'
  | 'setFilePolicy'
  | 'setProfileFields'
  | 'setRetention'
  | 'startRetention'
  | 'cancelReset'
  | 'cancelSignUp'
  | 'changePassword'
  | 'changeProfile'
  | 'checkReset'
  | 'checkServer'
  | 'checkSignUp'
  | 'chooseMyPicture'
  | 'departmentNames'
  | 'finishReset'
  | 'forgetServer'
  | 'myDevices'
  | 'myProfile'
  | 'openLink'
  | 'pendingUsers'
  | 'peopleDevices'
  | 'statistics'
  | 'redeemCode'
  | 'reject'
  | 'removeDevices'
  | 'removeMyPicture'
  | 'saveAudit'
  | 'saveSettings'
  | 'setPresence'
  | 'signIn'
  | 'signInByBrowser'
  | 'signOut'
  | 'startAnew'
  | 'signOutDevice'
  | 'signOutOthers'
  | 'signUp'
  | 'snooze'
  | 'testNotification'
  | 'checkForUpdate'
  | 'restartForUpdate'
  | 'unlockByBrowser'
  | 'useServer'
  | 'verifyAudit'
>;

const fingerprint = 'a43f9c117be0526d881af30c95d72e41b60f73ca185e942bdd6037f80ac149e2';

/** Answers as a server does: after a moment, and with a refusal when the options ask for one. */
export function answerOf(world: FakeWorld): Answer {
  return (value) => {
    const failure = world.options.fail === '' ? undefined : refusal(world.options.fail);
    return new Promise((resolve, reject) => {
      world.later(250, () => (failure ? reject(failure) : resolve(value)));
    });
  };
}

/** The calls of AccountCalls over a world. */
export function accountCalls(world: FakeWorld): AccountCalls {
  const answer = answerOf(world);
  const change = (state: Partial<FakeWorld['state']>) => {
    world.state = { ...world.state, ...state };
    world.emit({ state: world.state });
  };
  const decide = async (id: number) => {
    await answer(undefined);
    world.pending = world.pending.filter((user) => user.id !== id);
    world.emit({
      admin: { pending_users: world.pending.length, pending_resets: world.resets.length, failed_hooks: 1 },
    });
  };
  return {
    ...serverCalls(answer, change),
    ...signInCalls(world, answer, change),
    ...resetCalls(world, answer, change),
    ...accessCalls(world, answer),
    ...auditCalls(world, answer),
    ...deviceCalls(world, answer),
    ...figureCalls(world, answer),
    ...dataCalls(world, answer),
    ...integrationCalls(world, answer),
    ...profileCalls(world, answer, change),
    ...updateCalls(world, answer, change),
    pendingUsers: () => answer(world.pending.map((user) => pendingUser(user))),
    approve: decide,
    reject: decide,
    saveSettings: (settings) => {
      world.settings = settings;
      world.emit({ settings });
      return answer(undefined);
    },
    setPresence: (presence) => {
      const { me } = world.state;
      if (me) change({ me: { ...me, presence } });
      world.emit({ presence: [{ user_uuid: person(0).user_uuid, state: presence }] });
      return answer(undefined);
    },
    storage: async () => ({ cache_bytes: world.cacheBytes }),
    clearCache: async () => {
      world.cacheBytes = 0;
    },
    about: () =>
      answer({
        version: '0.2.0',
        server_version: '0.2.0',
        store_path: '~/.local/share/himsg',
        platform: 'linux/amd64',
        build: '9fb398552a · 2026-11-27',
      }),
    ...licenceCalls(answer),
    ...diagnosisCalls(world),
    snooze: (minutes) => {
      const until = minutes === 0 ? 0 : world.now() + (minutes < 0 ? 20 * 60 : minutes) * 60_000;
      world.settings = { ...world.settings, snooze_until: until };
      world.emit({ settings: world.settings });
      return answer(undefined);
    },
    testNotification: () =>
      answer({ problem: '', detail: '', service: 'Plasma 5.27', clicks: true, replies: true, quiet: '' }),
    openLink: () => answer(undefined),
  };
}

export type Answer = <T>(value: T) => Promise<T>;
export type Change = (state: Partial<FakeWorld['state']>) => void;

function serverCalls(answer: Answer, change: Change) {
  return {
    // talk… is trusted, private… shows a fingerprint, plain… is not encrypted; everything else doesn't answer.
    checkServer: (address: string) => {
      const host = address.replace(/^https?:\/\//, '');
      const check = {
        address: `https://${host}`,
        name: '한빛상사',
        version: '0.2.0',
        fingerprint: '',
        issuer: '',
        encrypted: true,
      };
      if (host.startsWith('talk')) return answer(check);
      if (host.startsWith('plain')) return answer({ ...check, address: `http://${host}`, encrypted: false });
      if (host.startsWith('private')) return answer({ ...check, fingerprint, issuer: 'Hanbit Private CA' });
      const code = /\s/.test(host) || host === '' ? 'bad_address' : host.startsWith('web') ? 'not_himsg' : 'offline';
      return answer({ ...check, name: '', version: '', problem: refusal(code) });
    },
    useServer: (address: string) => {
      change({ phase: 'signed_out', server_address: address, server_name: '한빛상사' });
      return answer(undefined);
    },
    forgetServer: () => {
      change({ phase: 'connect', server_address: '', server_name: '' });
      return answer(undefined);
    },
    departmentNames: () => answer(departments.map(({ name }) => name)),
  };
}

function signInCalls(world: FakeWorld, answer: Answer, change: Change) {
  const signedOut = () => change({ phase: 'signed_out', me: undefined, sign_up: undefined });
  return {
    // The passwords "pending", "rejected" and "disabled" show those answers; "wrong" is wrong.
    signIn: async (_username: string, password: string) => {
      await answer(undefined);
      if (password === 'wrong') throw refusal('unauthenticated', 'bad_credentials');
      if (['pending', 'rejected', 'disabled'].includes(password)) throw refusal('forbidden', password);
      world.state = { ...world.state, phase: 'signed_in', me: myself(world.options) };
      world.emit(snapshot(world));
    },
    startAnew: async () => {
      await answer(undefined);
      change({ notice: refusal('store', 'store_anew') });
    },
    // The browser is never come back from: to see the waiting.
    signInByBrowser: async () => {
      await answer(undefined);
      change({ browser: true });
    },
    unlockByBrowser: async () => change({ browser: true }),
    cancelBrowser: async () => change({ browser: false }),
    signOut: async () => {
      await answer(undefined);
      signedOut();
    },
    signUp: async (form: { username: string; name: string }) => {
      await answer(undefined);
      if (form.username === 'taken') throw refusal('bad_request', 'username_taken');
      change({
        phase: 'waiting',
        sign_up: { username: form.username, name: form.name, state: 'pending', reason: '' },
      });
    },
    // Whose user name ends in x is rejected; everybody else is approved at the first look.
    checkSignUp: async () => {
      await answer(undefined);
      const held = world.state.sign_up;
      if (!held) return;
      const rejected = held.username.endsWith('x');
      change({
        sign_up: {
          ...held,
          state: rejected ? 'rejected' : 'active',
          reason: rejected ? '사번이 확인되지 않습니다.' : '',
        },
      });
    },
    cancelSignUp: async () => {
      await answer(undefined);
      signedOut();
    },
    changePassword: async (current: string) => {
      await answer(undefined);
      if (current === 'wrong') throw refusal('unauthenticated', 'wrong_password');
    },
  };
}

function pendingUser(user: FakeWorld['pending'][number]) {
  return {
    id: user.id,
    user_uuid: `00000000-0000-4000-b000-${String(user.id).padStart(12, '0')}`,
    name: user.name,
    username: `new.user${user.id}`,
    employee_id: `E2026${user.id}`,
    department: user.department,
    position: '',
    grade: user.id === 2 ? '대리' : '사원',
    email: `new.user${user.id}@hanbit.example`,
    created_at: user.at,
  };
}
