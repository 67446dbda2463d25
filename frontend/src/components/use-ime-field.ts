import { useCallback, useEffect, useRef, type KeyboardEvent } from 'react';
import { enterMeans, type SendKey } from './keys';

/** WebKitGTK gives a composed syllable to the field some milliseconds after blur; 60 were always enough. */
const settles = 60;

export interface ImeFieldOptions {
  sendKey: SendKey;
  /** Gets the field's own value, whole. */
  onSend: (text: string) => void;
}

/**
 * Makes a textarea send by Enter without ever losing, doubling or cutting a syllable that is being composed.
 *
 * Spread `handlers` on the textarea and give it `ref`. `sendNow` is for a button: while a syllable is composed it ends
 * the composition first, since a field that is cleared while composing swallows what is typed next.
 */
export function useImeField({ sendKey, onSend }: ImeFieldOptions) {
  const ref = useRef<HTMLTextAreaElement>(null);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const sendNow = useCallback(() => {
    const field = ref.current;
    if (!field || timer.current !== undefined) return;
    if (!composing.current) {
      onSend(field.value);
      return;
    }
    field.blur();
    timer.current = setTimeout(() => {
      timer.current = undefined;
      composing.current = false;
      onSend(field.value);
      field.focus();
    }, settles);
  }, [onSend]);

  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLTextAreaElement>) => {
      const meaning = enterMeans(event, sendKey);
      if (!meaning) return;
      event.preventDefault();
      if (meaning === 'send') onSend(event.currentTarget.value);
    },
    [sendKey, onSend],
  );

  const handlers = {
    onKeyDown,
    onCompositionStart: () => {
      composing.current = true;
    },
    onCompositionEnd: () => {
      composing.current = false;
    },
  };
  return { ref, handlers, sendNow };
}
