import type { Page } from 'playwright-core';

/** The words of all that is wider than its place: what would be cut off or need a scroll sideways. */
export function cutOff(page: Page): Promise<string[]> {
  return page.$$eval('main, section, table, .mantine-Button-label', (elements) =>
    elements
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      .map((element) => `${element.tagName} ${element.textContent.slice(0, 40)}`),
  );
}
