/** What only the gallery shows. */
import type { Page } from 'playwright-core';
import { openFirst, rail, sections, type Scene } from './scenes';

async function openSection(page: Page, section: string) {
  await rail('admin')(page);
  await page.locator(`[data-testid=admin-section-${section}]`).click();
}

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
  'sign in, locked keyring': { options: 'phase=signed_out&keyring=locked', stands: '[data-testid=signin-submit]' },
  'sign in, no keyring': { options: 'phase=signed_out&keyring=none', stands: '[data-testid=signin-submit]' },
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
  'a bot': { options: 'bot', stands: '[data-testid=message]', act: openFirst },
  'a bot, its card': {
    options: 'bot',
    stands: '[data-testid=profile-card]',
    act: async (page) => {
      await openFirst(page);
      await page.locator('[data-testid=message] button', { hasText: '주문 시스템' }).last().click();
      await page.waitForSelector('[data-testid=profile-card]');
    },
  },
  'full disk, a message': {
    options: '',
    stands: '[role=alert]',
    act: async (page) => {
      await page.evaluate(() =>
        Reflect.set(Reflect.get(window, 'himsgFake') as object, 'send', async () => {
          const failure = { code: 'internal', reason: 'disk_full', message: '', request_id: '', retry_ms: 0 };
          throw new Error(JSON.stringify(failure));
        }),
      );
      await openFirst(page);
      await page.fill('[data-testid=composer-input]', '디스크가 가득 찼을 때 보낸 메시지');
      await page.click('[data-testid=composer-send]');
      await page.waitForSelector('[role=alert]');
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
  'settings, update loading': {
    options: 'update=loading',
    stands: '[data-testid=settings-diagnosis]',
    act: rail('settings'),
  },
  'settings, update by the company': {
    options: 'update=it',
    stands: '[data-testid=settings-diagnosis]',
    act: rail('settings'),
  },
  'settings, update taken back': {
    options: 'update=back',
    stands: '[data-testid=settings-diagnosis]',
    act: rail('settings'),
  },
  'integration, a new webhook': {
    options: '',
    stands: '[data-testid=integration-name]',
    act: async (page) => {
      await openSection(page, 'integrations');
      await dialogOf('integration-add')(page);
    },
  },
  'integration, its secret': {
    options: '',
    stands: '[data-testid=integration-secret]',
    act: async (page) => {
      await openSection(page, 'integrations');
      await page.locator('[data-testid=integration-acts]').first().click();
      await page.locator('[data-testid=integration-rotate]').first().click();
      await page.locator('[role=dialog] button').last().click();
      await page.waitForSelector('[data-testid=integration-secret]');
    },
  },
  'no integrations': {
    options: 'empty',
    stands: '[data-testid=integration-add]',
    act: (page) => openSection(page, 'integrations'),
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
