import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  page = await stage.open('language=ko&quiet', { width: 1200, height: 800 });
  return () => page.close();
});

const log = '[role=log]';

/** How far the end is below what is in view, in pixels. */
function fromEnd(): Promise<number> {
  return page.$eval(log, (element) => element.scrollHeight - element.clientHeight - element.scrollTop);
}

function topSeq(): Promise<number> {
  return page.$eval(log, (element) => {
    const { top } = element.getBoundingClientRect();
    const rows = [...element.querySelectorAll('[data-testid=message]')];
    const first = rows.find((row) => row.getBoundingClientRect().top >= top);
    return Number(first?.getAttribute('data-seq') ?? 0);
  });
}

function placeOf(seq: number): Promise<number> {
  return page.$eval(`[data-testid=message][data-seq="${seq}"]`, (element) => element.getBoundingClientRect().top);
}

async function wheel(distance: number) {
  await page.mouse.move(800, 400);
  await page.mouse.wheel(0, distance);
}

async function openRoom(place: number) {
  await page.locator('[data-testid=room-row]').nth(place).click();
  await page.waitForSelector('[data-testid=message]');
}

/** Waits until ten frames in a row show the same place. */
async function settled() {
  await page.evaluate(() => Object.assign(window, { lastTop: '', calm: 0 }));
  await page.waitForFunction((selector) => {
    const state = window as unknown as { lastTop?: string; calm?: number };
    const element = document.querySelector(selector);
    const now = `${element?.scrollTop}/${element?.scrollHeight}`;
    state.calm = state.lastTop === now ? (state.calm ?? 0) + 1 : 0;
    state.lastTop = now;
    return state.calm > 10;
  }, log);
}

describe('the end', () => {
  test('writing several lines keeps it in view', async () => {
    await openRoom(0);
    await settled();
    for (const line of ['하나', '둘', '셋', '넷']) {
      await page.keyboard.type(line);
      await page.keyboard.press('Shift+Enter');
      await settled();
      expect(await fromEnd()).toBeLessThanOrEqual(1);
    }
    expect(await page.locator('[data-testid=jump-latest]').count()).toBe(0);
  });

  test('a room opens there, and stays there when the window or the text grows', async () => {
    await openRoom(0);
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
    await page.setViewportSize({ width: 900, height: 500 });
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '150%';
    });
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
  });

  test('an own message is shown though one was reading above', async () => {
    await openRoom(0);
    await settled();
    await wheel(-900);
    await settled();
    expect(await fromEnd()).toBeGreaterThan(300);
    await page.fill('[data-testid=composer-input]', '안녕하세요');
    await page.press('[data-testid=composer-input]', 'Enter');
    await page.waitForSelector('[data-testid=message][data-state=sent] >> text=안녕하세요');
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
  });
});

describe('what is in view stays where it is', () => {
  test('while older pages load above it', async () => {
    await openRoom(0);
    await settled();
    const heights: number[] = [];
    for (let step = 0; step < 16; step++) {
      const seq = await topSeq();
      const before = await placeOf(seq);
      await wheel(-300);
      await settled();
      expect(Math.abs((await placeOf(seq)) - before - 300)).toBeLessThanOrEqual(2);
      heights.push(await page.$eval(log, (element) => element.scrollHeight));
    }
    // A page came meanwhile: else this would prove nothing.
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(2_000);
  });

  test('while a colleague writes below; a pill tells of it', async () => {
    await page.close();
    page = await stage.open('language=ko', { width: 1200, height: 800 });
    await openRoom(1);
    await settled();
    await page.fill('[data-testid=composer-input]', '확인 부탁드립니다');
    await page.press('[data-testid=composer-input]', 'Enter');
    await page.waitForSelector('[data-testid=message][data-state=sent] >> text=확인 부탁드립니다');
    await wheel(-600);
    await settled();
    const seq = await topSeq();
    const before = await placeOf(seq);
    await page.waitForSelector('[data-testid=jump-latest] >> text=새 메시지 1개', { timeout: 10_000 });
    await settled();
    expect(Math.abs((await placeOf(seq)) - before)).toBeLessThanOrEqual(1);
    await page.click('[data-testid=jump-latest]');
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
  });
});

test('a long history can be read to its beginning with few elements in the page', async () => {
  await openRoom(0);
  await settled();
  for (
    let step = 0;
    step < 60 && (await page.locator('[data-testid=system-line][data-seq="1"]').count()) === 0;
    step++
  ) {
    await page.$eval(log, (element) => {
      element.scrollTop = 0;
    });
    await settled();
  }
  expect(await page.locator('[data-testid=system-line][data-seq="1"]').count()).toBe(1);
  expect(await page.locator('[data-testid=message]').count()).toBeLessThan(60);
});
