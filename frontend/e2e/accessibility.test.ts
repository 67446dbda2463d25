import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';
import { axeScript, findings } from './findings';
import { screens } from './scenes';

let stage: Stage;
let axe: string;
beforeAll(async () => {
  axe = await axeScript();
  stage = await openStage();
});
afterAll(() => stage.close());

test.each(Object.keys(screens))('axe finds nothing: %s', async (name) => {
  const screen = screens[name];
  const page = await stage.open(`quiet&language=ko&${screen?.options}`);
  await screen?.act?.(page);
  await page.waitForLoadState('networkidle');
  expect(await findings(page, axe)).toEqual([]);
  await page.close();
});
