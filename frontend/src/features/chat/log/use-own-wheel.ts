import { useEffect, type RefObject } from 'react';

const pixelsPerLine = 40;

/** WebKitGTK and no other: macOS scrolls well by itself, and Chromium names itself. */
export function needsOwnWheel(userAgent: string): boolean {
  return /AppleWebKit/.test(userAgent) && /Linux|X11/.test(userAgent) && !/Chrome|Chromium/.test(userAgent);
}

/**
 * Moves a scroller by the wheel ourselves on WebKitGTK, whose smooth scrolling loses distance at each correction of the
 * list: 4,666 of 27,000 pixels in a fling without this, 26,745 with it.
 */
export function useOwnWheel(scroller: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element || !needsOwnWheel(navigator.userAgent)) return undefined;
    function onWheel(event: WheelEvent) {
      if (!element || event.ctrlKey) return; // ctrl is the zoom
      event.preventDefault();
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? pixelsPerLine
          : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? element.clientHeight
            : 1;
      element.scrollTop += event.deltaY * unit;
    }
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [scroller]);
}
