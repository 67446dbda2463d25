/** Every screen and state, and how one comes to it: for what looks at all of them. */
import type { Page } from 'playwright-core';

/** Options of the fake bridge, what to do then, and what then stands there. */
export interface Scene {
  options: string;
  /** A selector of what is then seen, in every look. */
  stands: string;
  act?: (page: Page) => Promise<void>;
}

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

function dialogOf(open: string) {
  return async (page: Page) => {
    await page.locator(`[data-testid=${open}]`).first().click();
    await page.waitForSelector('[role=dialog]');
  };
}

/** What only the gallery shows: states that axe finds nothing new in, and the administration, which has tests of its own. */
export const more: Record<string, Scene> = {
  'connect, not reached': {
    options: 'phase=connect',
    stands: '[data-testid=connect-problem]',
    act: async (page) => {
      await page.fill('[data-testid=connect-address]', '127.0.0.1:9');
      await page.click('[data-testid=connect-submit]');
      await page.waitForSelector('[data-testid=connect-problem]');
    },
  },
  'connect, unknown certificate': {
    options: 'phase=connect',
    stands: '[data-testid=connect-use]',
    act: async (page) => {
      await page.fill('[data-testid=connect-address]', 'private.company.com');
      await page.click('[data-testid=connect-submit]');
      await page.waitForSelector('[data-testid=connect-use]');
    },
  },
  'sign in, wrong password': {
    options: 'phase=signed_out',
    stands: '[data-testid=signin-problem]',
    act: async (page) => {
      await page.fill('[data-testid=signin-username]', 'minseo.han');
      await page.fill('[data-testid=signin-password]', 'wrong');
      await page.click('[data-testid=signin-submit]');
      await page.waitForSelector('[data-testid=signin-problem]');
    },
  },
  'sign in by the browser': { options: 'phase=signed_out&browser', stands: '[data-testid=signin-browser]' },
  locked: { options: 'locked', stands: '[data-testid=lock-screen]' },
  rejected: { options: 'phase=waiting&sign_up=rejected', stands: '[data-testid=signup-again]' },
  'reset, waiting': { options: 'phase=resetting', stands: '[data-testid=reset-check]' },
  'chats, offline': { options: 'link=offline', stands: '[data-testid=link-state]' },
  'no people': { options: 'empty', stands: '[data-testid=people-row]', act: rail('people') },
  'no notices': { options: 'empty', stands: '[data-testid=notices-empty]', act: rail('notices') },
  'search, nothing found': {
    options: '',
    stands: '[data-testid=search-state]',
    act: async (page) => {
      await rail('search')(page);
      await page.fill('[data-testid=search-input]', '없는말입니다');
      await page.waitForSelector('[data-testid=search-state]');
    },
  },
  drawer: {
    options: '',
    stands: '[data-testid=drawer-tabs]',
    act: async (page) => {
      await openFirst(page);
      await page.click('[aria-label="대화방 정보"]');
      await page.waitForSelector('[data-testid=drawer-tabs]');
    },
  },
  switcher: {
    options: '',
    stands: '[data-testid=switcher-item]',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.waitForSelector('[role=dialog]');
    },
  },
  shortcuts: {
    options: '',
    stands: '[data-testid=shortcuts]',
    act: async (page) => {
      await page.keyboard.press('Control+/');
      await page.waitForSelector('[role=dialog]');
    },
  },
  'emoji picker': {
    options: '',
    stands: '[data-testid=emoji-picker]',
    act: async (page) => {
      await openFirst(page);
      await page.click('[data-testid=composer-emoji]');
      await page.waitForSelector('[data-testid=emoji-picker]');
    },
  },
  'menu of a message': {
    options: '',
    stands: '[data-testid=message-menu]',
    act: async (page) => {
      await openFirst(page);
      await page.locator('[data-testid=message]').last().click({ button: 'right' });
      await page.waitForSelector('[role=menu]');
    },
  },
  readers: {
    options: '',
    stands: '[data-testid=readers]',
    act: async (page) => {
      await openFirst(page);
      await page.locator('[data-testid=message-unread]').last().click();
      await page.waitForSelector('[data-testid=readers]');
    },
  },
  'settings, password': {
    options: '',
    stands: '[data-testid=password-submit]',
    act: async (page) => {
      await rail('settings')(page);
      await dialogOf('settings-password')(page);
    },
  },
  'settings, update ready': {
    options: 'update=ready',
    stands: '[data-testid=update-restart]',
    act: rail('settings'),
  },
  'settings, update refused': {
    options: 'update=refused',
    stands: '[data-testid=update-check]',
    act: rail('settings'),
  },
  'main, version too old': { options: 'update=required', stands: '[data-testid=update-notice]' },
  'settings, diagnosis with faults': {
    options: 'diagnosis=faults',
    stands: '[data-testid=diagnosis-summary]',
    act: async (page) => {
      await rail('settings')(page);
      await dialogOf('settings-diagnosis')(page);
    },
  },
  'access, not loaded': {
    options: '',
    stands: '[data-code=unavailable]',
    act: async (page) => {
      // Only this call: the option fail refuses the settings too, by which the gallery changes looks.
      await page.evaluate(() =>
        Reflect.set(Reflect.get(window, 'himsgFake') as object, 'accessRequests', async () => {
          const failure = { code: 'unavailable', reason: '', message: '', request_id: '4f0c2a9e71b8', retry_ms: 0 };
          throw new Error(JSON.stringify(failure));
        }),
      );
      await rail('admin')(page);
      await page.locator('[data-testid=admin-section-access]').click();
      await page.waitForSelector('[data-testid=access-ask]');
    },
  },
  'access, asked for nothing': {
    options: '',
    stands: '[data-testid=access-send]',
    act: async (page) => {
      await rail('admin')(page);
      await page.locator('[data-testid=admin-section-access]').click();
      await dialogOf('access-ask')(page);
      await page.click('[data-testid=access-send]');
    },
  },
  ...Object.fromEntries(
    sections.map(([id, content]) => [
      `administration, ${id}`,
      {
        options: '',
        stands: `[data-testid=${content}]`,
        act: async (page: Page) => {
          await rail('admin')(page);
          const section = page.locator(`[data-testid=admin-section-${id}]`);
          await section.click();
          await page.waitForSelector(`[data-testid=${content}]`);
        },
      },
    ]),
  ),
};
