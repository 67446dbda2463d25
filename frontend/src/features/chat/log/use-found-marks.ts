import { useLayoutEffect, type RefObject } from 'react';
import { foundIn } from './found';

const name = 'found';
const texts = '[data-testid="message-text"]';

/**
 * Marks words in the messages that are in the page. As highlights of the browser: rows come and go, and nothing of them
 * has to change for it. A web view that has none shows no marks; the row of a hit flashes all the same.
 */
export function useFoundMarks(content: RefObject<HTMLDivElement | null>, words: readonly string[]): void {
  useLayoutEffect(() => {
    if (!('highlights' in CSS)) return undefined;
    if (words.length === 0 || !content.current) {
      CSS.highlights.delete(name);
      return undefined;
    }
    const marks = new Highlight();
    for (const text of content.current.querySelectorAll(texts))
      for (const range of rangesIn(text, words)) marks.add(range);
    CSS.highlights.set(name, marks);
    return () => {
      CSS.highlights.delete(name);
    };
  });
}

function rangesIn(element: Element, words: readonly string[]): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const [start, end] of foundIn(node.textContent ?? '', words)) {
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, end);
      ranges.push(range);
    }
  }
  return ranges;
}
