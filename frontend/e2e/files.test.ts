import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  page = await stage.open('language=ko&quiet', { width: 1200, height: 800 });
  await page.locator('[data-testid=room-row]').first().click();
  await page.waitForSelector('[data-testid=message]');
  return () => page.close();
});

const viewed = () => page.getAttribute('[data-testid=image-viewer]', 'data-file');
const scale = async () => Number.parseInt((await page.textContent('[data-testid=viewer-scale]')) ?? '', 10);

test('chosen files go with the text as one message, and are saved and opened from there', async () => {
  await page.keyboard.press('Control+o');
  await page.waitForSelector('[data-testid=held-file] >> nth=1');
  await page.fill('[data-testid=composer-input]', '현장 사진입니다');
  await page.press('[data-testid=composer-input]', 'Enter');
  await page.waitForSelector('[data-testid=message][data-mine=true] >> text=현장 사진입니다');
  expect(await page.locator('[data-testid=held-file]').count()).toBe(0);
  const mine = page.locator('[data-testid=message][data-mine=true][data-state=sent]', { hasText: '현장 사진입니다' });
  await mine.waitFor();
  expect(await mine.locator('[data-testid=message-picture]').count()).toBe(1);
  await mine.locator('[data-testid=message-file] [data-testid=file-save]').click();
  await mine.locator('[data-testid=file-open]').waitFor();
});

test('the viewer is moved through by keys and gives the focus back', async () => {
  await page.$eval('[role=log]', (log) => log.scrollBy(0, -1_900));
  const picture = page.locator('[data-testid=message-pictures] [data-testid=picture-view]').nth(1);
  await picture.click();
  const first = await viewed();
  const fits = await scale();
  await page.keyboard.press('Equal');
  expect(await scale()).toBeGreaterThan(fits);
  await page.keyboard.press('1');
  await page.keyboard.press('0');
  expect(await scale()).toBe(fits);
  await page.keyboard.press('r');
  await page.keyboard.press('ArrowLeft');
  const older = await viewed();
  expect(older).not.toBe(first);
  await page.keyboard.press('ArrowRight');
  expect(await viewed()).toBe(first);
  for (let step = 0; step < 12; step++) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('[data-testid=image-viewer]') !== null)).toBe(true);
  await page.keyboard.press('Escape');
  expect(await page.locator('[data-testid=image-viewer]').count()).toBe(0);
  expect(await picture.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('the drawer pages through photos, finds files by name and leads to the message', async () => {
  await page.click('[aria-label="대화방 정보"]');
  await page.click('[data-testid=drawer-tabs] >> text="파일"');
  await page.fill('[data-testid=room-files-search]', '계약서');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=room-file-jump]').length === 1);
  const seq = await page.getAttribute('[data-testid=room-file-jump]', 'data-seq');
  await page.click('[data-testid=room-file-jump]');
  await page.waitForSelector(`[data-testid=message][data-seq="${seq}"]`);
  const overflow = await page.$eval('[data-testid=room-drawer]', (drawer) =>
    [...drawer.querySelectorAll('*')].some((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 250),
  );
  expect(overflow).toBe(false);
});

test.each([80, 200])('at %d % nothing of a message with files leaves its bubble', async (zoom) => {
  await page.setViewportSize({ width: 900, height: 800 });
  await page.evaluate((percent) => document.documentElement.style.setProperty('font-size', `${percent}%`), zoom);
  await page.$eval('[role=log]', (log) => log.scrollBy(0, -1_500));
  await page.waitForSelector('[data-testid=message-file]');
  const outside = await page.$$eval('[data-testid=message-file], [data-testid=message-picture]', (all) => {
    const width = document.querySelector('[role=log]')?.getBoundingClientRect().right ?? 0;
    return all.filter((one) => one.getBoundingClientRect().right > width).length;
  });
  expect(outside).toBe(0);
});

test.each(['사진', '파일'])('of thousands in the tab %s only those in view are in the page', async (tab) => {
  const many = await stage.open('language=ko&quiet&files=many', { width: 1200, height: 800 });
  await many.locator('[data-testid=room-row]').first().click();
  await many.click('[aria-label="대화방 정보"]');
  await many.click(`[data-testid=drawer-tabs] >> text="${tab}"`);
  await many.waitForSelector('[data-testid=room-files-row]');
  const list = many.locator('[data-testid=room-photos], [data-testid=room-files]');
  const height = () => list.evaluate((element) => element.scrollHeight);
  for (let step = 0; step < 6; step++) {
    const before = await height();
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    if (step < 4)
      await many.waitForFunction(
        (was) => (document.querySelector('[data-testid^=room-][tabindex]')?.scrollHeight ?? 0) > was,
        before,
      );
  }
  expect(await height()).toBeGreaterThan(100_000);
  expect(await many.locator('[data-testid=room-files-row]').count()).toBeLessThan(40);
  await many.close();
});

test('dropped files that can not be sent are named, the others wait in the composer', async () => {
  await page.evaluate(() => {
    const data = new DataTransfer();
    for (const [name, size] of [
      ['좋은.pdf', 10],
      ['빈.txt', 0],
      ['나쁜.exe', 10],
    ] as const)
      data.items.add(new File([new Uint8Array(size)], name));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
  });
  await page.waitForSelector('[data-testid=refused-file] >> nth=1');
  expect(await page.locator('[data-testid=refused-file]').allTextContents()).toEqual([
    expect.stringContaining('빈.txt'),
    expect.stringContaining('나쁜.exe'),
  ]);
  expect(await page.locator('[data-testid=held-file]').allTextContents()).toEqual([
    expect.stringContaining('좋은.pdf'),
  ]);
});

test('what can not be sent, what is being taken and what is kept are worked with keys alone', async () => {
  const press = async (target: Page, testId: string) => {
    await target.focus(`[data-testid=${testId}]`);
    await target.keyboard.press('Enter');
  };
  const refused = await stage.open('language=ko&quiet&files=refused');
  await refused.locator('[data-testid=room-row]').first().click();
  await refused.click('[data-testid=composer-attach]');
  await refused.waitForSelector('[data-testid=refused-file]');
  await press(refused, 'refused-close');
  await refused.waitForSelector('[data-testid=refused-files]', { state: 'detached' });
  await refused.click('[data-testid=rail-settings]');
  await press(refused, 'settings-cache-clear');
  await refused.waitForSelector('[role=dialog]');
  await refused.keyboard.press('Escape');
  await refused.waitForSelector('[role=dialog]', { state: 'detached' });
  await refused.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'settings-cache-clear');
  await refused.close();
  const taking = await stage.open('language=ko&quiet&files=taking');
  await taking.locator('[data-testid=room-row]').first().click();
  await taking.waitForSelector('[data-testid=message]');
  await taking.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(10)], 'a.pdf'));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
  });
  await taking.waitForSelector('[data-testid=taking-stop]');
  await taking.focus('[data-testid=taking-stop]');
  expect(await taking.getAttribute('[data-testid=taking-stop]', 'aria-label')).toContain('a.pdf');
  await taking.close();
});
