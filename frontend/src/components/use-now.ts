import { useEffect, useState } from 'react';

/** The time in milliseconds, renewed every `every` of them; for texts that depend on it. 0 stops the clock. */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (every === 0) return undefined;
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
