import { useCallback, useEffect, useRef, type RefObject } from 'react';

/** A selection over more rows than this is not held: they would all have to be in the page. */
const longestSelection = 300;

/** The row that an element or a text stands in, by its place in the list. */
function rowOf(node: Node | null, content: HTMLElement): string | undefined {
  if (!node || !content.contains(node)) return undefined;
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest<HTMLElement>('[data-key]')?.dataset.key;
}

/**
 * The rows that stay in the page though they are out of view, by key: the one with the focus, or the keyboard would fall
 * out of the page; and those between the ends of a selection, or it would be copied with holes. Returns the function that
 * gives their places in the list; it renders nothing.
 */
export function useKeptRows(content: RefObject<HTMLDivElement | null>): (placeOf: (key: string) => number) => number[] {
  const focused = useRef<string>(undefined);
  const selected = useRef<readonly [string, string]>(undefined);
  useEffect(() => {
    const element = content.current;
    if (!element) return undefined;
    const onFocus = (event: FocusEvent) => {
      focused.current =
        event.type === 'focusin' && event.target instanceof Node ? rowOf(event.target, element) : undefined;
    };
    const onSelection = () => {
      const selection = document.getSelection();
      const from = rowOf(selection?.anchorNode ?? null, element);
      const to = rowOf(selection?.focusNode ?? null, element);
      selected.current = selection?.isCollapsed === false && from && to ? [from, to] : undefined;
    };
    element.addEventListener('focusin', onFocus);
    element.addEventListener('focusout', onFocus);
    document.addEventListener('selectionchange', onSelection);
    return () => {
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('focusout', onFocus);
      document.removeEventListener('selectionchange', onSelection);
    };
  }, [content]);

  return useCallback((placeOf: (key: string) => number) => {
    const places: number[] = [];
    if (focused.current !== undefined) places.push(placeOf(focused.current));
    if (selected.current) {
      const ends = selected.current.map(placeOf);
      const from = Math.min(...ends);
      const to = Math.max(...ends);
      if (from >= 0 && to - from < longestSelection) for (let at = from; at <= to; at++) places.push(at);
    }
    return places.filter((at) => at >= 0);
  }, []);
}
