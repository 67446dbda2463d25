import { useEffect, useState, useSyncExternalStore, type RefCallback } from 'react';

const listeners = new Set<() => void>();
/** How many windows of the app's own lie above everything now. */
let covers = 0;

function cover(by: number) {
  covers += by;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}

function looksAtUs() {
  return document.hasFocus() && document.visibilityState === 'visible' && covers === 0;
}

/**
 * Whether somebody can be looking at the main window: it has the focus, is visible, and nothing lies above it. Part of
 * the rule "read means seen".
 */
export function useWindowFocus(): boolean {
  return useSyncExternalStore(subscribe, looksAtUs);
}

/** How long somebody who comes back must have looked before it counts, in milliseconds. */
export const moment = 150;

/**
 * The same, for what counts as seen: who comes back has to find where he was first, and a window may get the focus for an instant
 * while it goes away. Looking away counts at once.
 */
export function useAttention(): boolean {
  const looks = useWindowFocus();
  const [attends, setAttends] = useState(looks);
  if (attends && !looks) setAttends(false);
  useEffect(() => {
    if (!looks) return undefined;
    const timer = setTimeout(() => setAttends(true), moment);
    return () => clearTimeout(timer);
  }, [looks]);
  return looks && attends;
}

/** Says that the component covers what is behind it, for as long as it is there. */
export function useCover(): void {
  useEffect(() => {
    cover(1);
    return () => cover(-1);
  }, []);
}

/** Whether an element is in the window at all: in a narrow one, what is open hides behind the list. */
export function useOnScreen(): { ref: RefCallback<Element>; onScreen: boolean } {
  const [element, setElement] = useState<Element | null>(null);
  const [onScreen, setOnScreen] = useState(true);
  useEffect(() => {
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      const last = entries.at(-1);
      if (last) setOnScreen(last.isIntersecting);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return { ref: setElement, onScreen };
}
