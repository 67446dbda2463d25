import { useEffect } from 'react';

/**
 * Marks in the page's timeline (User Timing) when the list of rooms, as it was kept on this device, has been painted for the first time:
 * what a start takes is measured by it.
 */
export function useStartMark(ready: boolean) {
  useEffect(() => {
    if (!ready || performance.getEntriesByName('list').length > 0) return;
    // An effect runs before the paint; what a frame schedules runs after it.
    const frame = requestAnimationFrame(() => setTimeout(() => performance.mark('list')));
    return () => cancelAnimationFrame(frame);
  }, [ready]);
}
