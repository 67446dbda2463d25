import { useEffect } from 'react';

/**
 * Gives the focus back to where it was when the component appeared. Mantine does that only for what stays rendered while
 * it is closed. Whatever took the focus meanwhile, such as the field of a room that was opened, keeps it.
 */
export function useReturnFocus(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    };
  }, []);
}
