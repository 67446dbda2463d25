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
  page = await stage.open('language=ko&quiet');
  await page.waitForSelector('[data-testid=room-row]');
  return () => page.close();
});

/** Dialogs take and give the focus a moment later. */
async function focusOn(testId: string) {
  await page.waitForSelector(`[data-testid=${testId}]:focus`);
  return page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
}

const title = () => page.textContent('[data-testid=conversation-title]');

test('Ctrl+K finds a room by initial consonants, Enter opens it, and one can write at once', async () => {
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[data-testid=switcher-search]:focus');
  await page.keyboard.type('ㅇㅈㅎ');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid=composer-input]:focus');
  expect(await title()).toBe('이준호');
});

test('Alt and the arrows go through the rooms', async () => {
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForSelector('[data-testid=message]');
  expect(await title()).toBe('신제품 출시 TF');
  await page.keyboard.press('Alt+ArrowDown');
  expect(await title()).toBe('이준호');
  await page.keyboard.press('Alt+ArrowUp');
  expect(await title()).toBe('신제품 출시 TF');
});

test('Ctrl+N opens a new chat, Esc closes it, and a group can be made without the mouse', async () => {
  await page.keyboard.press('Control+n');
  await page.waitForSelector('[data-testid=new-chat-search]:focus');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-testid=new-chat-search]', { state: 'detached' });
  await page.keyboard.press('Control+n');
  await page.focus('[data-testid=new-chat-search]');
  for (const name of ['김서연', 'ghdrlfehd']) {
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
  }
  await page.focus('[data-testid=new-chat-create]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid=conversation]');
  expect(await title()).toBe('김서연, 홍길동');
});

test('Ctrl+K finds a person of whom there is no room yet', async () => {
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[data-testid=switcher-search]:focus');
  await page.keyboard.type('ghdrlfehd');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid=composer-input]:focus');
  expect(await title()).toBe('홍길동');
});

test('Alt, Shift and the arrows go through the unread rooms, and Esc marks one as read', async () => {
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await page.waitForSelector('[data-testid=message]');
  expect(await title()).toBe('신제품 출시 TF');
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await page.keyboard.press('Alt+Shift+ArrowDown');
  expect(await title()).toBe('개발1팀');
  await page.keyboard.press('Escape');
  const row = page.locator('[data-testid=room-row]', { hasText: '개발1팀' });
  await row.locator('[data-testid=room-unread]').waitFor({ state: 'detached' });
});

test('Ctrl+slash lists the shortcuts, and Esc closes the list and nothing behind it', async () => {
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await page.keyboard.press('Control+/');
  await page.waitForSelector('[data-testid=shortcuts]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-testid=shortcuts]', { state: 'detached' });
  expect(await title()).toBe('신제품 출시 TF');
});

test('Ctrl+L locks, and the password opens again', async () => {
  await page.keyboard.press('Control+l');
  await page.waitForSelector('[data-testid=lock-password]:focus');
  expect(await page.isVisible('[data-testid=room-row]')).toBe(false);
  await page.keyboard.type('password');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid=room-row]');
});

test('Ctrl+comma opens the settings', async () => {
  await page.keyboard.press('Control+,');
  await page.waitForSelector('[data-testid=settings-signout]');
  expect(await page.getAttribute('[data-testid=rail-settings]', 'aria-current')).toBe('page');
});

test('in a narrow window list and conversation take turns', async () => {
  await page.setViewportSize({ width: 700, height: 800 });
  await page.locator('[data-testid=room-row]').first().click();
  await page.waitForSelector('[data-testid=message]');
  expect(await page.isVisible('[data-testid=room-row]')).toBe(false);
  await page.click('[data-testid=conversation-back]');
  await page.locator('[data-testid=room-row]').first().waitFor({ state: 'visible' });
  expect(await page.isVisible('[data-testid=composer-input]')).toBe(false);
});

test('a message is deleted for everyone only after a question', async () => {
  await page.locator('[data-testid=room-row]').nth(4).click();
  const own = page.locator('[data-testid=message][data-mine=true]').last();
  const seq = await own.getAttribute('data-seq');
  await own.click({ button: 'right' });
  await page.click('[data-testid=message-delete]');
  expect(await page.locator(`[data-testid=message][data-seq="${seq}"]`).getAttribute('data-state')).toBe('sent');
  await page.click('[data-testid=delete-for-all]');
  await page.waitForSelector(`[data-testid=message][data-seq="${seq}"][data-state=deleted]`);
});

test('Ctrl+K to the room that is open leads to its field as well', async () => {
  await page.locator('[data-testid=room-row]').nth(1).click();
  expect(await focusOn('composer-input')).toBe('composer-input');
  await page.keyboard.press('Control+k');
  expect(await focusOn('switcher-search')).toBe('switcher-search');
  await page.keyboard.type('ㅇㅈㅎ');
  await page.keyboard.press('Enter');
  expect(await focusOn('composer-input')).toBe('composer-input');
});

test('a dialog takes the focus to where one acts and gives it back', async () => {
  await page.click('[data-testid=rail-settings]');
  await page.focus('[data-testid=settings-password]');
  await page.keyboard.press('Enter');
  expect(await focusOn('password-current')).toBe('password-current');
  await page.keyboard.press('Escape');
  expect(await focusOn('settings-password')).toBe('settings-password');
  await page.focus('[data-testid=settings-signout]');
  await page.keyboard.press('Enter');
  expect(await focusOn('confirm-ok')).toBe('confirm-ok');
  await page.keyboard.press('Escape');
  expect(await focusOn('settings-signout')).toBe('settings-signout');
});

test('a group is left by its menu, after a question', async () => {
  await page.locator('[data-testid=room-row]').first().click();
  const name = await title();
  await page.focus('[data-testid=conversation-menu]');
  await page.keyboard.press('Enter');
  await page.click('[data-testid=room-leave]');
  expect(await focusOn('confirm-cancel')).toBe('confirm-cancel');
  expect(await title()).toBe(name);
  await page.click('[data-testid=confirm-ok]');
  await page.waitForSelector('[data-testid=conversation]', { state: 'detached' });
  expect(await page.locator('[data-testid=room-row]', { hasText: name ?? '' }).count()).toBe(0);
});

test('a conversation with a person is not left but put away, after a question', async () => {
  await page.locator('[data-testid=room-row]').nth(1).click();
  await page.waitForSelector('[data-testid=message]');
  expect(await title()).toBe('이준호');
  await page.focus('[data-testid=conversation-menu]');
  await page.keyboard.press('Enter');
  expect(await page.textContent('[data-testid=room-leave]')).toBe('목록에서 치우기');
  await page.click('[data-testid=room-leave]');
  expect(await focusOn('confirm-ok')).toBe('confirm-ok');
  await page.click('[data-testid=confirm-ok]');
  await page.waitForSelector('[data-testid=conversation]', { state: 'detached' });
  expect(await page.locator('[data-testid=room-row]', { hasText: '이준호' }).count()).toBe(0);
});
