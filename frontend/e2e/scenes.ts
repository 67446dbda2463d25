/** Every screen and state, and how one comes to it: for what looks at all of them. */
import type { Page } from 'playwright-core';

/** Options of the fake bridge, what to do then, and what then stands there. */
export interface Scene {
  options: string;
  /** A selector of what is then seen, in every look. */
  stands: string;
  act?: (page: Page) => Promise<void>;
}

/** Opens a place of the rail. */
export const rail = (place: string) => async (page: Page) => {
  await page.click(`[data-testid=rail-${place}]`);
};

/** Opens the first room. */
export async function openFirst(page: Page) {
  await page.locator('[data-testid=room-row]').first().click();
  await page.waitForSelector('[data-testid=message]');
}

async function openDrawer(page: Page, tab: string) {
  await openFirst(page);
  await page.click('[aria-label="대화방 정보"]');
  await page.click(`[data-testid=drawer-tabs] >> text="${tab}"`);
  await page.waitForSelector('[data-testid=room-photos], [data-testid=room-files]');
}

/** What axe looks at, and the gallery. */
export const screens: Record<string, Scene> = {
  connect: { options: 'phase=connect', stands: '[data-testid=connect-submit]' },
  'sign in': { options: 'phase=signed_out', stands: '[data-testid=signin-submit]' },
  'sign up': {
    options: 'phase=signed_out',
    stands: '[data-testid=signup-submit]',
    act: async (page) => {
      await page.click('[data-testid=signup-open]');
    },
  },
  waiting: { options: 'phase=waiting', stands: '[data-testid=signup-state][data-state=pending]' },
  chats: { options: '', stands: '[data-testid=room-row]' },
  'no chats': { options: 'empty', stands: '[data-testid=rooms-empty]' },
  conversation: {
    options: 'link=offline',
    stands: '[data-testid=message]',
    act: async (page) => {
      await page.locator('[data-testid=room-row]').first().click();
      await page.waitForSelector('[data-testid=message]');
    },
  },
  'new chat': {
    options: '',
    stands: '[data-testid=new-chat-create]',
    act: async (page) => {
      await page.click('[data-testid=new-chat]');
      await page.locator('[data-testid=new-chat-person]').first().click();
    },
  },
  people: {
    options: '',
    stands: '[data-testid=profile-card]',
    act: async (page) => {
      await rail('people')(page);
      await page.locator('[data-testid=people-row]').first().click();
    },
  },
  notices: {
    options: '',
    stands: '[data-testid=notice]',
    act: async (page) => {
      await rail('notices')(page);
      await page.locator('[data-testid=notice-row]').first().click();
      await page.waitForSelector('[data-testid=notice]');
    },
  },
  search: { options: '', stands: '[data-testid=search-empty]', act: rail('search') },
  'search, found': {
    options: 'link=offline',
    stands: '[data-testid=message]',
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
    stands: '[data-testid=calendar-day]',
    act: async (page) => {
      await rail('search')(page);
      await page.click('[data-testid=search-filter-period]');
      await page.waitForSelector('[data-testid=calendar-day]');
    },
  },
  'search in a room': {
    options: '',
    stands: '[data-testid=room-search-count]',
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
    stands: '[data-testid=refused-file]',
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
    stands: '[data-testid=taking]',
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
    stands: '[role=dialog] >> [data-testid=confirm-ok]',
    act: async (page) => {
      await rail('settings')(page);
      await page.click('[data-testid=settings-cache-clear]');
      await page.waitForSelector('[role=dialog]');
    },
  },
  'files on their way': {
    options: 'transfers=slow',
    stands: '[data-testid=transfer]',
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
    stands: '[data-testid=file-retry]',
    act: async (page) => {
      await openFirst(page);
      await page.click('[data-testid=composer-attach]');
      await page.click('[data-testid=composer-send]');
      await page.waitForSelector('[data-testid=file-retry]');
    },
  },
  'files in messages': {
    options: 'served',
    stands: '[data-testid=message]',
    act: async (page) => {
      await openFirst(page);
      await page.$eval('[role=log]', (log) => log.scrollBy(0, -1_900));
      await page.waitForSelector('[data-testid=picture-missing]');
    },
  },
  'files being dragged': {
    options: '',
    stands: '[data-testid=drop-overlay]',
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
    stands: '[data-testid=image-viewer]',
    act: async (page) => {
      await openDrawer(page, '사진');
      await page.locator('[data-testid=room-photos] button').nth(4).click();
      await page.waitForSelector('[data-testid=image-viewer]');
    },
  },
  'photos of a room': {
    options: 'link=offline',
    stands: '[data-testid=room-photos]',
    act: (page) => openDrawer(page, '사진'),
  },
  'files of a room': { options: '', stands: '[data-testid=room-files-row]', act: (page) => openDrawer(page, '파일') },
  settings: { options: '', stands: '[data-testid=settings-zoom]', act: rail('settings') },
};

/** What stands in a section as soon as it has what it asked for. */
export const sections: [id: string, content: string][] = [
  ['dashboard', 'card-online'],
  ['approvals', 'pending-approve'],
  ['notices', 'admin-notice-row'],
  ['members', 'member-row'],
  ['departments', 'department'],
  ['imports', 'imports-empty'],
  ['backups', 'backup-row'],
  ['devices', 'device-row'],
  ['file_policy', 'file-policy'],
  ['retention', 'hold-row'],
  ['access', 'access-row'],
  ['audit', 'audit-row'],
  ['integrations', 'integration-row'],
  ['health', 'health-line'],
  ['settings', 'own-fields'],
];
