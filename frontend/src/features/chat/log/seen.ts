/** Read means seen: the room is open, the window is focused and visible, and the message was in view. */

/** Collects what was in view and says it at most every so often. */
export interface SeenReporter {
  /** The newest message that is in view now; 0 for none. */
  inView: (seq: number) => void;
  /** Whether somebody can be looking. What is in view when it becomes true counts from then. */
  looking: (is: boolean) => void;
  stop: () => void;
}

/** How long marks are collected, in milliseconds: a scroll through a page is one call. */
export const collects = 150;

/** Makes a reporter that starts from what was read before. `report` gets growing numbers only. */
export function createSeenReporter(readUpTo: number, report: (seq: number) => void): SeenReporter {
  let looking = false;
  let visible = 0;
  let highest = readUpTo;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush() {
    timer = undefined;
    report(highest);
  }
  function note() {
    if (!looking || visible <= highest) return;
    highest = visible;
    timer ??= setTimeout(flush, collects);
  }
  return {
    inView: (seq) => {
      visible = seq;
      note();
    },
    looking: (is) => {
      looking = is;
      note();
    },
    stop: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      flush(); // it was seen, though the room was closed right after
    },
  };
}
