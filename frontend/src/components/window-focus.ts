import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void) {
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}

function looksAtUs() {
  return document.hasFocus() && document.visibilityState === 'visible';
}

/** Whether somebody can be looking: the window has the focus and is visible. Part of the rule "read means seen". */
export function useWindowFocus(): boolean {
  return useSyncExternalStore(subscribe, looksAtUs);
}
