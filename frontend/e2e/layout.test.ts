import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, smallest, type Stage } from './browser';
import { cutOff } from './cut-off';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function choose(page: Page, percent: string) {
  await page.click('[data-testid=rail-settings]');
  await page.selectOption('[data-testid=settings-zoom]', percent);
  await page.waitForFunction((size) => document.documentElement.style.fontSize === `${size}%`, percent);
}

test.each(['ko', 'en'])('every word of an unknown certificate shows: %s', async (language) => {
  const page = await stage.open(`phase=connect&language=${language}`, smallest);
  await page.fill('[data-testid=connect-address]', 'private.company.com');
  await page.click('[data-testid=connect-submit]');
  await page.waitForSelector('[data-testid=connect-use]');
  expect(await cutOff(page)).toEqual([]);
  // An Enter too many must not accept a stranger.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
  await page.close();
});

describe.each(['ko', 'en'])('the smallest window, %s', (language) => {
  test.each(['people', 'chats', 'notices', 'settings'])('%s fits', async (place) => {
    const page = await stage.open(`language=${language}&quiet`, smallest);
    await page.click(`[data-testid=rail-${place}]`);
    await page.waitForSelector('h1');
    if (place === 'settings') await page.waitForSelector('[data-testid=settings-signout]');
    expect(await cutOff(page)).toEqual([]);
    await page.close();
  });
});

test('twice the size is a narrow window: list and conversation take turns', async () => {
  const page = await stage.open('language=ko&quiet', { width: 1200, height: 800 });
  await choose(page, '200');
  await page.click('[data-testid=rail-chats]');
  await page.locator('[data-testid=room-row]').first().click();
  await page.waitForSelector('[data-testid=message]');
  expect(await page.isVisible('[data-testid=room-row]')).toBe(false);
  await page.click('[data-testid=conversation-back]');
  await page.locator('[data-testid=room-row]').first().waitFor({ state: 'visible' });
  expect(await page.isVisible('[data-testid=composer-input]')).toBe(false);
  await page.close();
});

test('the list stands where it was after a conversation had its place', async () => {
  const page = await stage.open('language=ko&quiet', smallest);
  const scroller = page.locator('ul:has([data-testid=room-row])').locator('..');
  await scroller.evaluate((element) => element.scrollTo(0, 180));
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=room-row]').length > 6);
  await page.locator('[data-testid=room-row]').nth(5).click();
  await page.waitForSelector('[data-testid=message]');
  await page.click('[data-testid=conversation-back]');
  await page.locator('[data-testid=room-row]').first().waitFor({ state: 'visible' });
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(180);
  await page.click('[data-testid=room-filter-groups]');
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(0);
  await page.close();
});

test('twice the size: every emoji can be looked for and chosen', async () => {
  const page = await stage.open('language=ko&quiet', { width: 900, height: 800 });
  await choose(page, '200');
  await page.click('[data-testid=rail-chats]');
  await page.locator('[data-testid=room-row]').first().click();
  await page.click('[data-testid=composer-emoji]');
  await page.waitForSelector('[data-testid=emoji-picker] [data-emoji]');
  const picker = await page.locator('[data-testid=emoji-picker]').boundingBox();
  expect(picker?.y).toBeGreaterThan(0);
  expect((picker?.y ?? 0) + (picker?.height ?? 0)).toBeLessThan(800);
  await page.close();
});

test('the rows of emoji make room for the size that is chosen while they are open', async () => {
  const page = await stage.open('language=ko&quiet', { width: 900, height: 800 });
  await page.locator('[data-testid=room-row]').first().click();
  await page.click('[data-testid=composer-emoji]');
  await page.waitForSelector('[data-testid=emoji-picker] [data-emoji]');
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  // Nine in a row: the tenth is below the first.
  const room = () =>
    page.evaluate(() => {
      const all = document.querySelectorAll('[data-testid=emoji-picker] [data-emoji]');
      const [first, tenth] = [0, 9].map((at) => all[at]?.getBoundingClientRect().top ?? 0);
      return (tenth ?? 0) - (first ?? 0);
    });
  await expect.poll(room).toBe(72);
  await page.close();
});

test.each(['ko', 'en'])('what narrows a search stands in one line: %s', async (language) => {
  const page = await stage.open(`language=${language}&quiet`);
  await page.click('[data-testid=rail-search]');
  await page.waitForSelector('[data-testid=search-filter-file]');
  const chips = await page.$$eval('[data-testid^=search-filter-]', (all) =>
    all.map((chip) => chip.getBoundingClientRect().top),
  );
  expect(chips).toHaveLength(4);
  expect(Math.max(...chips) - Math.min(...chips)).toBeLessThan(4);
  await page.close();
});
