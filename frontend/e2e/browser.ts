/** Opens the built page with its fake bridge in Debian's Chromium. For tests that need a layout. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { inject, onTestFailed, TestRunner } from 'vitest';

const launch = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};

/** The smallest window that the app lets itself be made. */
export const smallest = { width: 380, height: 560 };

/** A served page and a browser. */
export interface Stage {
  browser: Browser;
  /** Where the page is served. */
  address: string;
  /** Opens the page as options of the fake bridge say, such as "theme=dark&quiet". */
  open: (options: string, size?: { width: number; height: number }) => Promise<Page>;
  close: () => Promise<void>;
}

/** Starts a browser for the page that built-page.ts serves; close it in the end. */
export async function openStage(): Promise<Stage> {
  const base = inject('pageAddress');
  const browser = await chromium.launch(launch);
  return {
    browser,
    address: base,
    open: async (options, size = { width: 1400, height: 900 }) => {
      const page = await browser.newPage({ viewport: size });
      await page.goto(`${base}?${options}`);
      await page.waitForSelector('[data-testid]');
      // Letters of another width move what a click aims at.
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      if (TestRunner.getCurrentTest()) onTestFailed(() => tell(page));
      return page;
    },
    close: () => browser.close(),
  };
}

/** Says how a page looks on which a test failed: where the focus is, and what stands there. */
async function tell(page: Page) {
  if (page.isClosed()) return;
  const focus = await page.evaluate(() => [document.hasFocus(), document.activeElement?.outerHTML.slice(0, 200)]);
  const content = await page.locator('body').ariaSnapshot();
  process.stderr.write(`focus: ${focus.join(' ')}\n${content.slice(0, 4_000)}\n`);
}
