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
 * What axe finds against WCAG 2.2 AA in both themes, one line each.
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
    found.push(...(await inThisTheme(page)).map((line) => `${theme}: ${line}`));
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
