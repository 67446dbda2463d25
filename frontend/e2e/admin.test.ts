/** Every section of the administration: accessible in both themes, and whole in the smallest window. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, smallest, type Stage } from './browser';
import { cutOff } from './cut-off';
import { axeScript, findings } from './findings';
import { sections } from './scenes';

let stage: Stage;
let axe: string;
beforeAll(async () => {
  axe = await axeScript();
  stage = await openStage();
});
afterAll(() => stage.close());

/** A page for all tests of a group: opening one costs more than what is tested. */
function administration(language: string, size?: { width: number; height: number }): () => Page {
  let page: Page;
  beforeAll(async () => {
    page = await stage.open(`language=${language}&quiet`, size);
    await page.click('[data-testid=rail-admin]');
    return () => page.close();
  });
  return () => page;
}

async function show(page: Page, section: string, content: string) {
  await page.click(`[data-testid=admin-section-${section}]`);
  await page.waitForSelector(`[data-testid=${content}]`);
}

test('the sections here are those of the administration', async () => {
  const page = await stage.open('quiet&role=owner');
  await page.click('[data-testid=rail-admin]');
  await page.waitForSelector('[data-testid^=admin-section-]');
  const shown = await page.$$eval('[data-testid^=admin-section-]', (all) =>
    all.map((one) => one.getAttribute('data-testid')?.replace('admin-section-', '')),
  );
  expect(shown.toSorted()).toEqual(sections.map(([id]) => id).toSorted());
  await page.close();
});

describe('axe finds nothing', () => {
  const page = administration('ko');
  test.each(sections)('%s', async (section, content) => {
    await show(page(), section, content);
    expect(await findings(page(), axe)).toEqual([]);
  });
  test('a person', async () => {
    await show(page(), 'members', 'member-row');
    await page().locator('[data-testid=member-row] button').nth(1).click();
    await page().waitForSelector('[data-testid=member-name]');
    expect(await findings(page(), axe)).toEqual([]);
  });
});

describe.each(['ko', 'en'])('in the smallest window nothing is cut off, %s', (language) => {
  const page = administration(language, smallest);
  test.each(sections)('%s', async (section, content) => {
    await show(page(), section, content);
    expect(await cutOff(page())).toEqual([]);
    await page().click('[data-testid=admin-back]');
  });
});
