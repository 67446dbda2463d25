import { useCallback } from 'react';
import { useBridge } from '@/bridge/session-context';
import type { Health } from '@/bridge/types';
import { useLoaded } from '@/features/admin/use-loaded';

/** By how much the clocks of server and device may differ, in milliseconds. */
const clockSlack = 120_000;

/** How the server is; asked for again with each round. */
export function useHealth(round: number) {
  const bridge = useBridge();
  const ask = useCallback(async () => withClock(await bridge.health(), Date.now()), [bridge]);
  return useLoaded(ask, round);
}

/** The clock's line by what this device's clock says too. */
function withClock(health: Health, here: number): Health {
  const off = health.at - here;
  if (Math.abs(off) <= clockSlack) return health;
  return {
    ...health,
    lines: health.lines.map((line) =>
      line.name === 'clock' && line.state === 'ok'
        ? { ...line, state: 'warn', cause: 'differs', figures: { off } }
        : line,
    ),
  };
}
