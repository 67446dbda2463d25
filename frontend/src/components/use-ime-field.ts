import { useCallback, useEffect, useRef, type KeyboardEvent } from 'react';
import { enterMeans, isComposing, keyEnter, type KeyPress, type SendKey } from './keys';

/** WebKitGTK gives a composed syllable to the field some milliseconds after blur; 60 were always enough. */
const settles = 60;

/** What an Enter puts into a textarea, by beforeinput's inputType. */
const lineBreaks = new Set(['insertLineBreak', 'insertParagraph']);

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

  // An Enter that the input method took for itself. WebKit on macOS may send no other one, only the line break that it
  // makes: then that is the Enter.
  const taken = useRef<KeyPress>(undefined);
  useEffect(() => {
    const field = ref.current;
    if (!field) return undefined;
    function onBeforeInput(event: InputEvent) {
      const press = taken.current;
      if (!press || event.isComposing || !lineBreaks.has(event.inputType)) return;
      taken.current = undefined;
      if (enterMeans({ ...press, keyCode: keyEnter, isComposing: false }, sendKey) !== 'send') return;
      event.preventDefault();
      onSend(field?.value ?? '');
    }
    field.addEventListener('beforeinput', onBeforeInput);
    return () => field.removeEventListener('beforeinput', onBeforeInput);
  }, [sendKey, onSend]);

  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLTextAreaElement>) => {
      const { shiftKey, ctrlKey, metaKey, repeat } = event;
      const byIme = isComposing(event) && event.code === 'Enter';
      taken.current = byIme ? { keyCode: keyEnter, shiftKey, ctrlKey, metaKey, repeat } : undefined;
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
