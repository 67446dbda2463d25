/** The fake's updates: as the options say it stands, and a look that finds a version and loads it. */
import type { Bridge } from '@/bridge/bridge';
import type { AppUpdate } from '@/bridge/types';
import type { Answer, Change } from './account-calls';
import type { FakeWorld } from './world';

const version = '0.3.0';

/** How the app stands: usual, it, loading, ready, required, refused or back (the new version did not come up). */
export function firstUpdate(asked: string, now: number): AppUpdate {
  const usual: AppUpdate = {
    state: 'current',
    version: '',
    percent: 0,
    problem: '',
    looked_at: now - 40 * 60_000,
    required: false,
    mine: true,
  };
  const ways: Record<string, Partial<AppUpdate>> = {
    it: { state: 'offered', version, mine: false },
    loading: { state: 'loading', version, percent: 42 },
    ready: { state: 'ready', version, percent: 100 },
    required: { state: 'loading', version, percent: 42, required: true },
    refused: { state: 'unknown', problem: 'signature' },
    back: { state: 'offered', version, problem: 'not_up' },
    off: { state: 'off', problem: 'policy' },
  };
  return { ...usual, ...ways[asked] };
}

/** The calls about updates. */
export function updateCalls(
  world: FakeWorld,
  answer: Answer,
  change: Change,
): Pick<Bridge, 'checkForUpdate' | 'restartForUpdate'> {
  const step = (percent: number) => {
    const app: AppUpdate = { ...world.state.app, version, percent, problem: '', looked_at: world.now() };
    change({ app: { ...app, state: percent < 100 ? 'loading' : 'ready' } });
    if (percent < 100) world.later(300, () => step(percent + 20));
  };
  return {
    checkForUpdate: async () => {
      await answer(undefined);
      if (world.state.app.mine) step(20);
      else change({ app: { ...world.state.app, looked_at: world.now() } });
    },
    restartForUpdate: () => answer(undefined),
  };
}
