import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';
import { findings } from './findings';

let stage: Stage;
let axe: string;
beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  stage = await openStage();
});
afterAll(() => stage.close());

const rail = (place: string) => async (page: Page) => {
  await page.click(`[data-testid=rail-${place}]`);
};

const screens: Record<string, { options: string; act?: (page: Page) => Promise<void> }> = {
  connect: { options: 'phase=connect' },
  'sign in': { options: 'phase=signed_out' },
  'sign up': {
    options: 'phase=signed_out',
    act: async (page) => {
      await page.click('[data-testid=signup-open]');
    },
  },
  waiting: { options: 'phase=waiting' },
  chats: { options: '' },
  'no chats': { options: 'empty' },
  conversation: {
    options: 'link=offline',
    act: async (page) => {
      await page.locator('[data-testid=room-row]').first().click();
      await page.waitForSelector('[data-testid=message]');
    },
  },
  'new chat': {
    options: '',
    act: async (page) => {
      await page.click('[data-testid=new-chat]');
      await page.locator('[data-testid=new-chat-person]').first().click();
    },
  },
  people: {
    options: '',
    act: async (page) => {
      await rail('people')(page);
      await page.locator('[data-testid=people-row]').first().click();
    },
  },
  search: { options: '', act: rail('search') },
  'search, found': {
    options: 'link=offline',
    act: async (page) => {
      await rail('search')(page);
      await page.fill('[data-testid=search-input]', '회의');
      await page.waitForSelector('[data-testid=search-local]', { state: 'attached' });
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-testid=message]');
    },
  },
  'search, a period': {
    options: '',
    act: async (page) => {
      await rail('search')(page);
      await page.click('[data-testid=search-filter-period]');
      await page.waitForSelector('[data-testid=calendar-day]');
    },
  },
  'search in a room': {
    options: '',
    act: async (page) => {
      await page.locator('[data-testid=room-row]').first().click();
      await page.waitForSelector('[data-testid=message]');
      await page.keyboard.press('Control+f');
      await page.fill('[data-testid=room-search-input]', '배포');
      await page.waitForSelector('[data-testid=room-search-count] >> text=/');
    },
  },
  admin: { options: '', act: rail('admin') },
  settings: { options: '', act: rail('settings') },
};

describe.each(['light', 'dark'])('%s', (theme) => {
  test.each(Object.keys(screens))('%s', async (name) => {
    const screen = screens[name];
    const page = await stage.open(`quiet&language=ko&theme=${theme}&${screen?.options}`);
    await screen?.act?.(page);
    await page.waitForLoadState('networkidle');
    // Transitions are not what is measured.
    await page.addStyleTag({ content: '*,::before,::after{transition:none!important;animation:none!important}' });
    expect(await findings(page, axe)).toEqual([]);
    await page.close();
  });
});
