/** The fake's answers about a lost password. */
import type { PasswordReset } from '@/bridge/types';
import type { Answer, Change } from './account-calls';
import { myself, refusal, snapshot, type FakeWorld } from './world';

/** A request as it stands at first, for who is called so. */
export function newReset(username: string, now: number): PasswordReset {
  return { username, compare_code: 'K7PQ', state: 'pending', reason: '', expires_at: now + 86_400_000 };
}

/** Whose user name ends in x is rejected; everybody else is approved at the first look. The code "wrong" is wrong. */
export function resetCalls(world: FakeWorld, answer: Answer, change: Change) {
  const enter = () => {
    world.state = {
      ...world.state,
      phase: 'signed_in',
      reset: undefined,
      me: myself(world.options),
    };
    world.emit(snapshot(world));
  };
  return {
    askReset: async (username: string) => {
      await answer(undefined);
      change({ phase: 'resetting', reset: newReset(username, world.now()) });
    },
    checkReset: async () => {
      await answer(undefined);
      const held = world.state.reset;
      if (!held) return;
      const rejected = held.username.endsWith('x');
      change({
        reset: {
          ...held,
          state: rejected ? 'rejected' : 'approved',
          reason: rejected ? '본인 확인이 되지 않았습니다.' : '',
        },
      });
    },
    cancelReset: async () => {
      await answer(undefined);
      change({ phase: 'signed_out', reset: undefined });
    },
    finishReset: async () => {
      await answer(undefined);
      enter();
    },
    redeemCode: async (_username: string, code: string) => {
      await answer(undefined);
      if (code === 'wrong') throw refusal('forbidden');
      enter();
    },
  };
}
