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
 * Spread `handlers` on the textarea and give it `ref`. `sendNow` is for a button, `whenWhole` for whatever else changes
 * the value (an emoji, a mention): while a syllable is composed they end the composition first, since a field that is
 * rewritten while composing swallows what is typed next.
 */
export function useImeField({ sendKey, onSend }: ImeFieldOptions) {
  const ref = useRef<HTMLTextAreaElement>(null);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const whenWhole = useCallback((then: (field: HTMLTextAreaElement) => void) => {
    const field = ref.current;
    if (!field || timer.current !== undefined) return;
    if (!composing.current) {
      then(field);
      return;
    }
    field.blur();
    timer.current = setTimeout(() => {
      timer.current = undefined;
      composing.current = false;
      then(field);
      field.focus();
    }, settles);
  }, []);
  const sendNow = useCallback(() => whenWhole((field) => onSend(field.value)), [whenWhole, onSend]);

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
  return { ref, handlers, sendNow, whenWhole };
}
