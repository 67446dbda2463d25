/** Keys and the input method: what a keydown means while Hangul is being composed. */

/** How a message is sent: Settings.send_key. */
export type SendKey = 'enter' | 'ctrl_enter';

/** What of a key event the rules look at; React's and the browser's own both fit. */
export interface KeyPress {
  keyCode: number;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  repeat: boolean;
  isComposing?: boolean;
  nativeEvent?: { isComposing: boolean };
}

const keyProcess = 229; // the input method took the key
const keyEnter = 13;

/** Reports whether a key belongs to the input method and not to us. */
export function isComposing(event: KeyPress): boolean {
  return event.keyCode === keyProcess || (event.nativeEvent?.isComposing ?? event.isComposing ?? false);
}

/**
 * What a key does in a field that sends: 'send'; 'swallow' (an Enter that does nothing, such as a held one); or
 * undefined for a key that stays the field's.
 *
 * While a syllable is composed, Enter arrives first as 229 and the value is in pieces. WebKitGTK and Chromium both send
 * a real Enter (13) right after, when the value is whole: that one counts. `code` and compositionend must not be used:
 * each works in one engine and sends twice in the other.
 */
export function enterMeans(event: KeyPress, sendKey: SendKey): 'send' | 'swallow' | undefined {
  if (isComposing(event) || event.keyCode !== keyEnter || event.shiftKey) return undefined;
  if (sendKey === 'ctrl_enter' && !event.ctrlKey && !event.metaKey) return undefined;
  return event.repeat ? 'swallow' : 'send';
}
