import * as generated from '@/wailsjs/go/shell/Bridge';
import { ClipboardSetText, EventsOn } from '@/wailsjs/runtime/runtime';
import type { Bridge, Calls } from './bridge';
import type { Update } from './types';

/** core.EventUpdate, the only event that Go emits. */
const eventUpdate = 'update';

/** Reports whether the page runs in the app's window, where Wails has put its door. */
export function inWailsWindow(): boolean {
  return 'go' in window && 'runtime' in window;
}

/** The bridge to the Go core of the running app. */
export function wailsBridge(): Bridge {
  const calls = Object.fromEntries(
    Object.entries(generated).map(([name, call]) => [name.charAt(0).toLowerCase() + name.slice(1), call]),
  ) as Calls;
  return {
    ...calls,
    onUpdate: (listener) => EventsOn(eventUpdate, (update: Update) => listener(update)),
    copyText: async (text) => {
      if (!(await ClipboardSetText(text))) throw new Error('the clipboard refused the text');
    },
    assetUrl: (path) => path,
  };
}
