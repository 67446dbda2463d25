import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';
import { axeScript, findings } from './findings';

let stage: Stage;
let axe: string;
beforeAll(async () => {
  axe = await axeScript();
  stage = await openStage();
});
afterAll(() => stage.close());

async function openRoom(options = 'language=ko&quiet'): Promise<Page> {
  const page = await stage.open(options);
  await page.locator('[data-testid=room-row]').first().click();
  // The field has the focus when the room stands.
  await page.waitForSelector('[data-testid=composer-input]:focus');
  await page.waitForSelector('[data-testid=message]');
  return page;
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('data-seq') ?? element?.getAttribute('data-testid') ?? element?.getAttribute('role');
  });

const menuOf = async (page: Page, place: number) => {
  await page
    .locator('[data-testid=message]')
    .nth(place)
    .click({ button: 'right', position: { x: 80, y: 8 } });
  await page.waitForSelector('[data-testid=message-actions]');
};

describe('with the keyboard alone', () => {
  test('the arrows go from message to message, and Esc leads back to the field', async () => {
    const page = await openRoom();
    const last = await page.locator('[data-testid=message]').last().getAttribute('data-seq');
    await page.focus('[role=log]');
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toBe(last);
    for (let n = 0; n < 30; n++) await page.keyboard.press('ArrowUp');
    expect(Number(await focused(page))).toBeLessThan(Number(last) - 20);
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('composer-input');
    await page.close();
  });

  test('Enter and Shift+F10 open what can be done, and the focus comes back', async () => {
    const page = await openRoom();
    await page.focus('[role=log]');
    await page.keyboard.press('ArrowUp');
    const seq = await focused(page);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=message-actions]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-testid=message-actions]', { state: 'detached' });
    await page.waitForFunction((wanted) => document.activeElement?.getAttribute('data-seq') === wanted, seq);
    await page.keyboard.press('Shift+F10');
    await page.waitForSelector('[data-testid=message-actions]');
    expect(await page.locator('[data-testid=message-reply]').count()).toBe(1);
    await page.close();
  });

  test('Tab goes into the buttons of a message: the first reacts', async () => {
    const page = await openRoom();
    await page.focus('[role=log]');
    await page.keyboard.press('ArrowUp');
    const seq = await focused(page);
    await page.locator(`[data-testid=message][data-seq="${seq}"] [data-testid=quick-reaction]`).first().focus();
    await page.keyboard.press('Enter');
    const mine = page.locator(`[data-testid=message][data-seq="${seq}"] [data-testid=reaction][aria-pressed=true]`);
    await mine.waitFor();
    expect(await mine.textContent()).toContain('1');
    await page.close();
  });
});

test('messages are chosen one by one and by range, and Esc ends it', async () => {
  const page = await openRoom();
  await menuOf(page, -1);
  await page.click('[data-testid=message-select]');
  await page.waitForSelector('[data-testid=selection-bar]');
  await page
    .locator('[data-testid=message-pick]')
    .nth(-3)
    .click({ modifiers: ['Shift'], force: true });
  expect(await page.textContent('[data-testid=selection-count]')).toBe('3개 선택');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-testid=composer-input]');
  await page.close();
});

test('deleted for me alone, a message goes from here', async () => {
  const page = await openRoom();
  const last = page.locator('[data-testid=message]').last();
  const seq = await last.getAttribute('data-seq');
  await menuOf(page, -1);
  await page.click('[data-testid=message-delete]');
  await page.waitForSelector('[data-testid=delete-for-me]');
  expect(await page.locator('[data-testid=delete-for-all]').count()).toBe(0); // it is not mine
  await page.click('[data-testid=delete-for-me]');
  await page.waitForSelector(`[data-testid=message][data-seq="${seq}"]`, { state: 'detached' });
  await page.close();
});

test('a message is forwarded, and the toast leads there', async () => {
  const page = await openRoom();
  await menuOf(page, -1);
  await page.click('[data-testid=message-forward]');
  await page.fill('[data-testid=forward-search]', 'ㅇㅈㅎ');
  await page.keyboard.press('Enter');
  await page.click('[data-testid=forward-send]');
  await page.click('[data-testid=toast-action]');
  await page.waitForSelector('[data-testid=forwarded]');
  expect(await page.textContent('[data-testid=conversation-title]')).toBe('이준호');
  await page.close();
});

test('the notice folds away, comes back, and leads to its message', async () => {
  const page = await openRoom();
  await page.click('[data-testid=pin-fold]');
  expect(await page.locator('[data-testid=pin-banner]').count()).toBe(0);
  await page.click('[data-testid=pin-unfold]');
  const seq = await page.getAttribute('[data-testid=pin-latest]', 'data-seq');
  await page.click('[data-testid=pin-latest]');
  await page.locator(`[data-testid=message][data-seq="${seq}"]`).waitFor({ state: 'visible' });
  await page.close();
});

test('every emoji is drawn as one', async () => {
  const page = await openRoom();
  const file = path.resolve(import.meta.dirname, '../../shared/wire/emoji.txt');
  const all = (await readFile(file, 'utf8')).trim().split('\n');
  const broken = await page.evaluate(async (emoji) => {
    await document.fonts.load('40px Emoji', '😀');
    const probe = document.createElement('span');
    probe.style.cssText = 'position: fixed; font: 40px Emoji; white-space: pre';
    document.body.append(probe);
    const width = (text: string) => {
      probe.textContent = text;
      return probe.getBoundingClientRect().width;
    };
    const one = width('😀');
    return emoji.filter((text) => Math.abs(width(text) - one) > 1);
  }, all);
  expect(all.length).toBeGreaterThan(3_000);
  expect(broken).toEqual([]);
  await page.close();
});

const opened: Record<string, (page: Page) => Promise<void>> = {
  'a room with all kinds of messages': async (page) => {
    await page.locator('[data-testid=message]').last().hover();
    await page.waitForSelector('[data-testid=quick-reaction]');
  },
  'the menu': (page) => menuOf(page, -1),
  'the question before a delete': async (page) => {
    await page.locator('[data-testid=message][data-mine=true]').last().click({ button: 'right' });
    await page.click('[data-testid=message-delete]');
    await page.waitForSelector('[data-testid=delete-for-all]');
  },
  forwarding: async (page) => {
    await menuOf(page, -1);
    await page.click('[data-testid=message-forward]');
    await page.locator('[data-testid=forward-target]').first().click();
  },
  'choosing several': async (page) => {
    await menuOf(page, -1);
    await page.click('[data-testid=message-select]');
    await page.waitForSelector('[data-testid=selection-bar]');
  },
  'the notices': async (page) => {
    await page.click('[data-testid=pin-all]');
    await page.waitForSelector('[data-testid=pin-item]');
  },
  'the emoji for a reaction': async (page) => {
    await page.locator('[data-testid=reaction-add]').last().click();
    await page.waitForSelector('[data-testid=emoji-picker]');
  },
  'a strange address': async (page) => {
    await page.focus('[role=log]');
    await page.keyboard.press('ArrowUp');
    for (let n = 0; n < 14 && (await page.locator('[data-strange]').count()) === 0; n++) {
      await page.keyboard.press('ArrowUp');
    }
    await page.locator('[data-strange]').first().click();
    await page.waitForSelector('[data-testid=link-host]');
  },
};

test.each(Object.keys(opened))('axe finds nothing: %s', async (name) => {
  const page = await openRoom();
  await opened[name]?.(page);
  expect(await findings(page, axe)).toEqual([]);
  await page.close();
});
