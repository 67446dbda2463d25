import { useEffect, useState } from 'react';
import { useBridge } from '@/bridge/session-context';

/** The names of the departments, for suggestions. Empty while they load and where the server can't be asked. */
export function useDepartmentNames(): readonly string[] {
  const bridge = useBridge();
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    let live = true;
    // They only suggest: without them the field is typed in full.
    bridge.departmentNames().then(
      (found) => live && setNames(found),
      () => undefined,
    );
    return () => {
      live = false;
    };
  }, [bridge]);
  return names;
}
