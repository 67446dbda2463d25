import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';
import { axeScript, findings } from './findings';

let stage: Stage;
let axe: string;
beforeAll(async () => {
  axe = await axeScript();
  stage = await openStage();
});
afterAll(() => stage.close());

const rail = (place: string) => async (page: Page) => {
  await page.click(`[data-testid=rail-${place}]`);
};

async function openFirst(page: Page) {
  await page.locator('[data-testid=room-row]').first().click();
  await page.waitForSelector('[data-testid=message]');
}

async function openDrawer(page: Page, tab: string) {
  await openFirst(page);
  await page.click('[aria-label="대화방 정보"]');
  await page.click(`[data-testid=drawer-tabs] >> text="${tab}"`);
  await page.waitForSelector('[data-testid=room-photos], [data-testid=room-files]');
}

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
  notices: {
    options: '',
    act: async (page) => {
      await rail('notices')(page);
      await page.locator('[data-testid=notice-row]').first().click();
      await page.waitForSelector('[data-testid=notice]');
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
  'files to send, one of them refused': {
    options: '',
    act: async (page) => {
      await openFirst(page);
      await page.click('[data-testid=composer-attach]');
      await page.evaluate(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(11 << 20)], '너무 큰 파일.zip'));
        window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer }));
      });
      await page.waitForSelector('[data-testid=refused-file]');
    },
  },
  'a file being taken': {
    options: 'files=taking',
    act: async (page) => {
      await openFirst(page);
      await page.evaluate(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(1_000)], '설계 묶음.zip'));
        window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer }));
      });
      await page.waitForSelector('[data-testid=taking]');
    },
  },
  'kept pictures': {
    options: '',
    act: async (page) => {
      await rail('settings')(page);
      await page.click('[data-testid=settings-cache-clear]');
      await page.waitForSelector('[role=dialog]');
    },
  },
  'files on their way': {
    options: 'transfers=slow',
    act: async (page) => {
      await openFirst(page);
      await page.click('[data-testid=composer-attach]');
      await page.click('[data-testid=composer-send]');
      await page.click('[data-testid=transfers-button]');
      await page.waitForSelector('[data-testid=transfer]');
    },
  },
  'files that failed': {
    options: 'transfers=full',
    act: async (page) => {
      await openFirst(page);
      await page.click('[data-testid=composer-attach]');
      await page.click('[data-testid=composer-send]');
      await page.waitForSelector('[data-testid=file-retry]');
    },
  },
  'files in messages': {
    options: 'served',
    act: async (page) => {
      await openFirst(page);
      await page.$eval('[role=log]', (log) => log.scrollBy(0, -1_900));
      await page.waitForSelector('[data-testid=picture-missing]');
    },
  },
  'files being dragged': {
    options: '',
    act: async (page) => {
      await openFirst(page);
      await page.evaluate(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['a'], 'a.png'));
        window.dispatchEvent(new DragEvent('dragenter', { dataTransfer: transfer }));
      });
      await page.waitForSelector('[data-testid=drop-overlay]');
    },
  },
  viewer: {
    options: '',
    act: async (page) => {
      await openDrawer(page, '사진');
      await page.locator('[data-testid=room-photos] button').nth(4).click();
      await page.waitForSelector('[data-testid=image-viewer]');
    },
  },
  'photos of a room': { options: 'link=offline', act: (page) => openDrawer(page, '사진') },
  'files of a room': { options: '', act: (page) => openDrawer(page, '파일') },
  settings: { options: '', act: rail('settings') },
};

test.each(Object.keys(screens))('axe finds nothing: %s', async (name) => {
  const screen = screens[name];
  const page = await stage.open(`quiet&language=ko&${screen?.options}`);
  await screen?.act?.(page);
  await page.waitForLoadState('networkidle');
  expect(await findings(page, axe)).toEqual([]);
  await page.close();
});
