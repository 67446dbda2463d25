import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure, PersonDevice } from '@/bridge/types';

/** What the list is narrowed to. */
export interface DeviceFilter {
  text: string;
  platform: string;
}

/** The devices found so far; `next` is where the next page begins, 0 when there is none. */
export type FoundDevices =
  | { kind: 'loading' }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'loaded'; devices: readonly PersonDevice[]; next: number; failure: Failure | undefined };

/** How long one types before the server is asked. */
const pause = 250;

/** Asks for everybody's devices, page by page; another filter or `reload` begins anew. */
export function usePeopleDevices({ text, platform }: DeviceFilter) {
  const bridge = useBridge();
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [state, setState] = useState<FoundDevices>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  const asking = useRef(0); // the latest question; older answers are dropped

  useEffect(() => {
    const mine = ++asking.current;
    const timer = setTimeout(
      () => {
        bridge.peopleDevices({ text, platform, before: 0 }).then(
          ({ devices, next }) =>
            mine === asking.current && setState({ kind: 'loaded', devices, next, failure: undefined }),
          (error: unknown) => mine === asking.current && setState({ kind: 'failed', failure: asFailure(error) }),
        );
      },
      text === '' ? 0 : pause,
    );
    return () => {
      clearTimeout(timer);
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- online and round say when to ask again
  }, [bridge, online, round, text, platform]);

  const busy = useRef(false);
  const more = useCallback(() => {
    if (busy.current || state.kind !== 'loaded' || state.next === 0 || state.failure) return;
    busy.current = true;
    const mine = asking.current;
    bridge
      .peopleDevices({ text, platform, before: state.next })
      .then(
        ({ devices, next }) => {
          if (mine !== asking.current) return;
          setState({ kind: 'loaded', devices: [...state.devices, ...devices], next, failure: undefined });
        },
        (error: unknown) => mine === asking.current && setState({ ...state, failure: asFailure(error) }),
      )
      .finally(() => {
        busy.current = false;
      });
  }, [bridge, state, text, platform]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, more, reload };
}
