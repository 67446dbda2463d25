import { useCallback } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { react } from './reactions';

/** Reacts to a message: seen at once; when it is refused, taken back with a word about it. */
export function useReact(): (message: Message, emoji: string, on: boolean) => void {
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return useCallback(
    (message, emoji, on) => {
      react(bridge.react, message, { emoji, on }).catch((error: unknown) => toast(failureText(asFailure(error))));
    },
    [bridge, toast, failureText],
  );
}
