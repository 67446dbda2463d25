import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '@/bridge/failure';
import type { Failure } from '@/bridge/types';

/** Where a call to the core stands. */
export type TaskState = { kind: 'idle' } | { kind: 'busy' } | { kind: 'failed'; failure: Failure };

export interface Task {
  state: TaskState;
  busy: boolean;
  failure: Failure | undefined;
  /** Runs one call at a time; resolves to whether it went well. A second one while busy is dropped. */
  run: (call: () => Promise<unknown>) => Promise<boolean>;
  reset: () => void;
}

/** Runs a call for a form or a button: busy while it lasts, the failure if it is refused. */
export function useTask(): Task {
  const [state, setState] = useState<TaskState>({ kind: 'idle' });
  const running = useRef(false);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = useCallback(async (call: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setState({ kind: 'busy' });
    let next: TaskState = { kind: 'idle' };
    try {
      await call();
    } catch (error) {
      next = { kind: 'failed', failure: asFailure(error) };
    }
    running.current = false;
    if (mounted.current) setState(next);
    return next.kind === 'idle';
  }, []);
  const reset = useCallback(() => setState({ kind: 'idle' }), []);
  return {
    state,
    busy: state.kind === 'busy',
    failure: state.kind === 'failed' ? state.failure : undefined,
    run,
    reset,
  };
}
