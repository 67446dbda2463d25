import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Finding {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** The text of axe's script, for `findings`. */
export function axeScript(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}

/**
 * What axe finds against WCAG 2.2 AA in both themes, one line each, and which fields have an edge that is hardly seen:
 * of what is not text (1.4.11) axe says nothing.
 *
 * `axe` is the text of its script. The page must follow the system's theme: it is looked at by day, then by night.
 */
export async function findings(page: Page, axe: string): Promise<string[]> {
  // Transitions are not what is measured.
  await page.addStyleTag({ content: '*,::before,::after{transition:none!important;animation:none!important}' });
  await page.evaluate(axe);
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForSelector(`html[data-mantine-color-scheme=${theme}]`);
    found.push(...[...(await inThisTheme(page)), ...(await faintFields(page))].map((line) => `${theme}: ${line}`));
  }
  return found;
}

async function inThisTheme(page: Page): Promise<string[]> {
  const found = await page.evaluate(async () => {
    const { axe: checker } = window as unknown as {
      axe: { run: (where: Document, how: unknown) => Promise<{ violations: Finding[] }> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return (await checker.run(document, { runOnly: tags })).violations;
  });
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}

/** The fields whose edge has less than 3 : 1 against what they stand on. */
function faintFields(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- the page has nothing of this file
    const parts = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const isSeen = (colour: string) => (parts(colour)[3] ?? 1) === 1;
    const luminance = (colour: string) => {
      const [r = 0, g = 0, b = 0] = parts(colour).map((part) => {
        const value = part / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one: string, other: string) => {
      const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
      return (lighter + 0.05) / (darker + 0.05);
    };
    const edgeOf = (element: Element | null): Element | null => {
      if (!element || element === document.body) return null;
      const { borderTopWidth, borderTopColor } = getComputedStyle(element);
      return Number.parseFloat(borderTopWidth) > 0 && isSeen(borderTopColor) ? element : edgeOf(element.parentElement);
    };
    const groundOf = (element: Element | null): string => {
      const colour = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 255, 255)';
      return isSeen(colour) ? colour : groundOf(element?.parentElement ?? null);
    };
    const written = 'textarea, select, input:not([type=checkbox], [type=radio], [type=file], [type=hidden])';
    return [...document.querySelectorAll<HTMLInputElement>(written)].flatMap((field) => {
      if (field.disabled || field.getClientRects().length === 0) return [];
      const edge = edgeOf(field);
      const ratio = edge ? contrast(getComputedStyle(edge).borderTopColor, groundOf(edge.parentElement)) : 1;
      return ratio >= 3 ? [] : [`a field's edge: ${field.dataset['testid'] ?? field.outerHTML} ${ratio.toFixed(2)}`];
    });
  });
}
