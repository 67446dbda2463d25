/** The launch picture: it looks as the list does, and what is clicked in it is opened. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';

interface Kept {
  page: string;
  language: string;
  scheme: string;
  zoom: number;
  style: string;
  markup: string;
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Waits until the page has something kept, and returns it. */
async function kept(page: Page): Promise<Kept> {
  return page.evaluate(
    () =>
      new Promise<Kept>((resolve) => {
        Reflect.set(Reflect.get(window, 'himsgFake') as object, 'keepLaunch', async (picture: Kept) =>
          resolve(picture),
        );
      }),
  );
}

/** The page as the core serves it with a picture (desktop/internal/shell/launch.go). */
function withPicture(html: string, picture: Kept): string {
  return html
    .replace(
      '<html lang="ko">',
      () =>
        `<html lang="${picture.language}" data-mantine-color-scheme="${picture.scheme}" style="font-size: ${picture.zoom}%">`,
    )
    .replace(/<script type="module"[^>]*><\/script>/, '')
    .replace('</head>', () => `<style id="launch-style">${picture.style}</style></head>`)
    .replace(
      '<div id="root"></div>',
      () =>
        `<div id="root"></div><div id="launch">${picture.markup}</div><script src="/launch.js" data-code="${picture.page}"></script>`,
    );
}

/** Opens the page with a picture; its code comes when `release` is called. */
async function start(options: string, picture: Kept) {
  const page = await stage.browser.newPage({ viewport: { width: 1000, height: 700 } });
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: withPicture(await answer.text(), picture) });
      return;
    }
    if (pathname === picture.page) await released;
    await route.continue();
  });
  await page.goto(`${stage.address}?${options}`, { waitUntil: 'commit' });
  await page.waitForSelector('#launch [data-launch-room]');
  await page.waitForFunction(() => document.getAnimations().length === 0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return { page, release };
}

/** Where each part of the rail and the list stands, how it is coloured, and what it says. */
function looks(page: Page, root: string) {
  return page.evaluate(async (selector) => {
    // What is ready may not have been asked for yet.
    await document.fonts.load('600 11px "Pretendard Common"', '가1');
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const window = document.querySelector(selector);
    const parts = [
      ...(window?.firstElementChild?.querySelectorAll('*') ?? []),
      ...(window?.querySelectorAll('section *') ?? []),
    ];
    return parts
      .filter((part) => !part.matches('[data-presence], [role="separator"]'))
      .map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect();
        const { color, backgroundColor, fontWeight, fontSize } = getComputedStyle(part);
        // Text that React had set in pieces is one: its width differs by a fraction.
        const place = [x, y, width, height].map(Math.round);
        const text = [...part.childNodes]
          .filter((child) => child.nodeType === Node.TEXT_NODE)
          .map((child) => child.textContent)
          .join('');
        return [part.tagName, ...place, color, backgroundColor, fontWeight, fontSize, text].join(' ');
      });
  }, root);
}

test.each(['light', 'dark'])('it looks as the list that it is of: %s', async (theme) => {
  const options = `language=ko&quiet&theme=${theme}`;
  const open = await stage.open(options, { width: 1000, height: 700 });
  const picture = await kept(open);
  const want = await looks(open, '#root [class*=window]');
  expect(want.length).toBeGreaterThan(100);
  const { page, release } = await start(options, picture);
  expect(await looks(page, '#launch > *')).toEqual(want);
  release();
  await page.waitForSelector('[data-testid=room-row]');
  expect(await page.locator('#launch').count()).toBe(0);
  await Promise.all([open.close(), page.close()]);
});

test('a room that is clicked before the code is there is open when it is', async () => {
  const options = 'language=ko&quiet';
  const open = await stage.open(options);
  const { page, release } = await start(options, await kept(open));
  await page.locator('#launch [data-launch-room]', { hasText: '이준호' }).click();
  release();
  await page.waitForSelector('[data-testid=conversation]');
  expect(await page.textContent('[data-testid=conversation-title]')).toBe('이준호');
  await Promise.all([open.close(), page.close()]);
});

test('none is taken while the list is looked through', async () => {
  const page = await stage.open('language=ko&quiet');
  await page.fill('[data-testid=room-filter]', '이준');
  const none = await Promise.race([kept(page), page.waitForTimeout(4000).then(() => undefined)]);
  expect(none).toBeUndefined();
  await page.close();
});
