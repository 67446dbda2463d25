import { useCallback, useEffect, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import { useMirror } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';

/** What was asked for, as far as it is known. */
export type Loaded<T> = { kind: 'loading' } | { kind: 'failed'; failure: Failure } | { kind: 'loaded'; value: T };

/**
 * Asks for something at first, again when the link comes back, and again whenever `call` is another function: give it
 * one of useCallback. Another `when` asks again too, such as a number that the server pushed. What is known stays in
 * view meanwhile.
 */
export function useLoaded<T>(
  call: () => Promise<T>,
  when: string | number = '',
): { state: Loaded<T>; reload: () => void } {
  const online = useMirror((mirror) => mirror.state.link === 'online');
  const [state, setState] = useState<Loaded<T>>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let live = true;
    call().then(
      (value) => live && setState({ kind: 'loaded', value }),
      (error: unknown) => live && setState({ kind: 'failed', failure: asFailure(error) }),
    );
    return () => {
      live = false;
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- online, round and when say when to ask again
  }, [call, online, round, when]);
  const reload = useCallback(() => setRound((held) => held + 1), []);
  return { state, reload };
}
