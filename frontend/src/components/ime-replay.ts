/** Replays what a page got while Hangul was typed with a real input method. For tests; the recordings are in testdata. */
import { act } from '@testing-library/react';

/** An event as it was recorded. `value` is the field's before any handler of the event ran. */
export interface RecordedEvent {
  type: string;
  key?: string;
  code?: string;
  keyCode?: number;
  isComposing?: boolean;
  ctrl?: boolean;
  shift?: boolean;
  repeat?: boolean;
  inputType?: string;
  data?: string | null;
  value?: string;
}

/** A recording of one case in one engine. */
export interface Recording {
  engine: string;
  case: string;
  events: RecordedEvent[];
}

const keyProcess = 229;

/** Sets the value as the browser does, so that React sees it as typed. */
function setValue(field: HTMLTextAreaElement | HTMLInputElement, value: string) {
  const kind = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(field, value);
  field.setSelectionRange(value.length, value.length);
}

function eventOf(recorded: RecordedEvent): Event {
  const { type, data = null } = recorded;
  if (type.startsWith('key')) {
    return new KeyboardEvent(type, {
      bubbles: true,
      cancelable: true,
      key: recorded.key ?? '',
      code: recorded.code ?? '',
      keyCode: recorded.keyCode ?? 0,
      isComposing: recorded.isComposing ?? false,
      ctrlKey: recorded.ctrl ?? false,
      shiftKey: recorded.shift ?? false,
      repeat: recorded.repeat ?? false,
    });
  }
  if (type.startsWith('composition')) return new CompositionEvent(type, { bubbles: true, data: data ?? '' });
  return new InputEvent(type, {
    bubbles: true,
    cancelable: type === 'beforeinput',
    inputType: recorded.inputType ?? '',
    data,
    isComposing: recorded.isComposing ?? false,
  });
}

/**
 * Replays a recording on a field. What a prevented key would have done (keypress, a line break) is left out, as the
 * browser leaves it out; what the input method does with a key of its own can't be prevented and goes on. `before` is
 * what stood in the field when the recorded typing began. Returns the keydowns that were prevented.
 */
export function replay(
  field: HTMLTextAreaElement | HTMLInputElement,
  recording: Recording,
  before = '',
): RecordedEvent[] {
  const prevented: RecordedEvent[] = [];
  for (const recorded of recording.events) {
    const { type } = recorded;
    if (type === 'focus' || type === 'blur' || type === 'change') continue;
    if (type !== 'keyup' && prevented.some((key) => key.keyCode !== keyProcess)) continue;
    if (type === 'input' && recorded.value !== undefined) setValue(field, before + recorded.value);
    const event = eventOf(recorded);
    act(() => {
      field.dispatchEvent(event);
    });
    if (event.defaultPrevented) prevented.push(recorded);
  }
  return prevented;
}
