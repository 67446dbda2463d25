import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(() => () => page.close());

async function open(options = '', size = { width: 1200, height: 800 }) {
  page = await stage.open(`language=ko&quiet&${options}`, size);
}

const field = '[data-testid=search-input]';

async function search(text: string) {
  await page.keyboard.press('Control+Shift+F');
  await page.waitForSelector(field);
  await page.fill(field, text);
}

/** Waits until the page shows messages from before a seq, and none from after it. */
async function oldestInPage(seq: number) {
  await page.waitForFunction((before) => {
    const seqs = [...document.querySelectorAll('[role=log] [data-seq]')].map((one) =>
      Number(one.getAttribute('data-seq')),
    );
    return seqs.length > 0 && Math.max(...seqs) < before;
  }, seq);
}

describe('everywhere', () => {
  test('people by initials, rooms and messages stand in groups; the keyboard opens one', async () => {
    await open();
    await search('ㄱ');
    await page.waitForSelector('[data-testid=search-person]');
    expect(await page.textContent('[data-testid=search-person]')).toContain('강민호');
    expect(await page.getAttribute('[data-testid=search-state]', 'data-state')).toBe('short');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=conversation-title] >> text=강민호');
  });

  test('a found message opens where it was written, and the search stays as it was', async () => {
    await open('messages=3000');
    await search('회의록');
    await page.waitForSelector('[data-testid=search-message] mark');
    for (let step = 0; step < 25; step++) await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.querySelectorAll('[role=option][aria-selected=true]').length === 1);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=message]');
    const chosen = await page.textContent('[role=option][aria-selected=true]');
    await page.click('[data-testid=rail-chats]');
    await page.click('[data-testid=rail-search]');
    expect(await page.inputValue(field)).toBe('회의록');
    await page.waitForFunction(
      (text) => [...document.querySelectorAll('[role=option]')].some((one) => one.textContent === text),
      chosen,
    );
  });

  test('a sender and a period narrow it, and are taken off again', async () => {
    await open();
    await search('회의');
    await page.waitForSelector('[data-testid=search-message]');
    await page.click('[data-testid=search-filter-sender]');
    await page.fill('[data-testid=search-choice-input]', 'ㅂㅈㅁ');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => {
      const found = [...document.querySelectorAll('[data-testid=search-message]')];
      return found.length > 0 && found.every((one) => one.textContent?.includes('박지민'));
    });
    await page.click('[data-testid=search-clear-sender]');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[data-testid=search-message]')].some(
        (one) => !one.textContent?.includes('박지민'),
      ),
    );
    expect(await page.getAttribute('[data-testid=search-filter-sender]', 'aria-label')).toBe('보낸 사람');
  });

  test('without a network it says that only this PC was searched', async () => {
    await open('link=offline');
    await search('견적서 수정본');
    await page.waitForSelector('[data-testid=search-local]');
    expect(await page.textContent('[data-testid=search-local]')).toBe('오프라인: 이 PC에 있는 메시지만 찾았습니다');
  });

  test.each([
    ['one letter', '회', 'short'],
    ['too many', '가'.repeat(201), 'long'],
    ['what nobody wrote', '아무도 쓰지 않은 말', 'found'],
  ])('%s: says so', async (_, text, state) => {
    await open();
    await search(text);
    await page.waitForSelector(`[data-testid=search-state][data-state=${state}]`);
    expect(await page.locator('[data-testid=search-message]').count()).toBe(0);
  });

  test('in a narrow window search and conversation take turns', async () => {
    await open('', { width: 700, height: 800 });
    await search('회의');
    await page.waitForSelector('[data-testid=search-message]');
    await page.locator('[data-testid=search-message]').first().click();
    await page.waitForSelector('[data-testid=message]');
    expect(await page.isVisible(field)).toBe(false);
    await page.click('[data-testid=conversation-back]');
    expect(await page.isVisible(field)).toBe(true);
  });
});

describe('in a room', () => {
  test('goes from one to the next, also to those that are not loaded', async () => {
    await open('messages=3000');
    await page.locator('[data-testid=room-row]').first().click();
    await page.waitForSelector('[data-testid=message]');
    await page.keyboard.press('Control+f');
    await page.fill('[data-testid=room-search-input]', '점심');
    await page.waitForSelector('[data-testid=room-search-count] >> text=/^1 /');
    for (let at = 2; at <= 23; at++) {
      await page.keyboard.press('Enter');
      await page.waitForSelector(`[data-testid=room-search-count] >> text=/^${at} /`);
    }
    await oldestInPage(2_900);
    await page.keyboard.press('Shift+Enter');
    await page.waitForSelector('[data-testid=room-search-count] >> text=/^22 /');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-testid=room-search]', { state: 'detached' });
    expect(await page.locator('[data-testid=message]').count()).toBeGreaterThan(0);
  });

  test('a day leads to what was written on it', async () => {
    await open('messages=3000');
    await page.locator('[data-testid=room-row]').first().click();
    await page.waitForSelector('[data-testid=message]');
    await page.keyboard.press('Control+f');
    await page.click('[data-testid=room-search-date]');
    await page.waitForSelector('[data-testid=date-jump]');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=date-jump]', { state: 'detached' });
    await oldestInPage(2_900);
    expect(await page.locator('[data-testid=jump-latest]').count()).toBe(1);
  });
});
