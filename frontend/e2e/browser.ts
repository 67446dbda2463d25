/** Serves the built page with its fake bridge and opens it in Debian's Chromium. For tests that need a layout. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build, preview } from 'vite';

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

/** A served page and a browser. */
export interface Stage {
  browser: Browser;
  /** Opens the page as options of the fake bridge say, such as "theme=dark&quiet". */
  open: (options: string, size?: { width: number; height: number }) => Promise<Page>;
  close: () => Promise<void>;
}

/** The tests' own NODE_ENV would build in all that React checks in development: frames cost three times as much then. */
async function buildAsReleased(outDir: string) {
  const held = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ logLevel: 'error', build: { outDir, emptyOutDir: true } });
  } finally {
    process.env.NODE_ENV = held;
  }
}

/** Builds the page into a folder of its own and starts a browser; close it in the end. */
export async function openStage(): Promise<Stage> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'himsg-page-'));
  await buildAsReleased(outDir);
  const server = await preview({ logLevel: 'error', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  const [base = ''] = server.resolvedUrls?.local ?? [];
  const browser = await chromium.launch(launch);
  return {
    browser,
    open: async (options, size = { width: 1400, height: 900 }) => {
      const page = await browser.newPage({ viewport: size });
      await page.goto(`${base}?${options}`);
      await page.waitForSelector('[data-testid]');
      return page;
    },
    close: async () => {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
