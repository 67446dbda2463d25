/** Scenes of what IT rolls out: updates, policies, licences, the way back from a newer version. */
import type { Page } from 'playwright-core';
import type { Scene } from './scenes';

const settings = (page: Page) => page.click('[data-testid=rail-settings]');

function dialogOf(open: string) {
  return async (page: Page) => {
    await page.locator(`[data-testid=${open}]`).first().click();
    await page.waitForSelector('[role=dialog]');
  };
}

export const itScenes: Record<string, Scene> = {
  'settings, update by IT': { options: 'update=it', stands: '[data-testid=update-check]', act: settings },
  'settings, set by IT': {
    options: 'update=off&preset',
    stands: '[data-testid=settings-licences]',
    act: settings,
  },
  'sign in, newer store': { options: 'phase=signed_out&store=newer', stands: '[data-testid=start-anew]' },
  'sign in, start anew': {
    options: 'phase=signed_out&store=newer',
    stands: '[data-testid=confirm-ok]',
    act: dialogOf('start-anew'),
  },
  'main, store set aside': { options: 'store=aside', stands: '[data-testid=store-notice]' },
  'settings, licences': {
    options: '',
    stands: '[data-testid=licence-row]',
    act: async (page) => {
      await settings(page);
      await dialogOf('settings-licences')(page);
    },
  },
  'settings, a licence': {
    options: '',
    stands: '[data-testid=licence-text]',
    act: async (page) => {
      await settings(page);
      await dialogOf('settings-licences')(page);
      await page.fill('[data-testid=licences-search]', 'isc');
      await page.locator('[data-testid=licence-row]').first().click();
    },
  },
};
