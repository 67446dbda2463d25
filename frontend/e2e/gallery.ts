/**
 * A picture of every scene in every look, and a page that shows them side by side: `make gallery`. Not a part of the tests,
 * but it fails as they do: a scene that does not stand in one of the looks has no picture there.
 *
 * GALLERY_OUT is the folder; GALLERY_ONLY parts of scenes' names, between them a |; GALLERY_LOOKS=some leaves out half of the looks.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './browser';
import { more } from './more-scenes';
import { itScenes } from './scenes-it';
import { screens } from './scenes';

interface Look {
  language: 'ko' | 'en';
  theme: 'light' | 'dark';
  width: number;
  zoom: number;
}

const height = 800;
/** How long a scene may take to stand in another look, in milliseconds. */
const standsWithin = 10_000;
const everyLook: Look[] = (['ko', 'en'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    [1400, 900].flatMap((width) => [100, 200].map((zoom) => ({ language, theme, width, zoom }))),
  ),
);
/** Each word in both widths and sizes, each colour in both sizes. */
const someLooks = everyLook.filter(
  ({ language, theme, width, zoom }) => (language === 'ko') === (theme === 'light') && (width === 900 || zoom === 100),
);
const looks = process.env.GALLERY_LOOKS === 'some' ? someLooks : everyLook;
const out = path.resolve(process.env.GALLERY_OUT ?? 'gallery');
const wanted = (process.env.GALLERY_ONLY ?? '').split('|');
const scenes = Object.entries({ ...screens, ...more, ...itScenes }).filter(([name]) =>
  wanted.some((part) => name.includes(part)),
);

const nameOf = (look: Look) => `${look.language} ${look.theme} ${look.width} ${look.zoom}`;
const fileOf = (scene: string, look: Look) => `${scene} ${nameOf(look)}`.replaceAll(/[^a-z0-9]+/g, '-') + '.png';

/** The files that were written. */
const taken = new Set<string>();

let stage: Stage;
beforeAll(async () => {
  await mkdir(out, { recursive: true });
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
  await writeFile(path.join(out, 'index.html'), indexPage());
  const all = scenes.length * looks.length;
  const some = taken.size < all ? `; ${all - taken.size} are missing` : '';
  process.stdout.write(`${scenes.length} scenes × ${looks.length} looks: ${taken.size} pictures${some}\n`);
});

/** Gives a page another look as its settings do. */
async function dress(page: Page, { language, theme, width, zoom }: Look) {
  await page.setViewportSize({ width, height });
  await page.evaluate(
    async (change) => {
      const bridge = (
        window as unknown as {
          himsgFake: Record<'snapshot' | 'saveSettings', (given?: unknown) => Promise<{ settings: object }>>;
        }
      ).himsgFake;
      const { settings } = await bridge.snapshot();
      await bridge.saveSettings({ ...settings, ...change });
      await document.fonts.ready;
    },
    { language, theme, zoom },
  );
  await page.waitForFunction(
    ([wantedTheme, size]) =>
      document.documentElement.dataset['mantineColorScheme'] === wantedTheme &&
      document.documentElement.style.fontSize === size,
    [theme, `${zoom}%`] as const,
  );
}

test.each(scenes)('%s', async (name, scene) => {
  const page = await stage.open(`quiet&language=ko&theme=light&${scene.options}`);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scene.act?.(page);
  for (const look of looks) {
    await dress(page, look);
    const stands = page.locator(scene.stands).first();
    // React may put another element in its place between the two.
    const inView = () =>
      stands.scrollIntoViewIfNeeded({ timeout: 1000 }).then(
        () => stands.isVisible(),
        () => false,
      );
    await expect.poll(inView, { timeout: standsWithin, message: nameOf(look) }).toBe(true);
    const file = fileOf(name, look);
    await page.screenshot({ path: path.join(out, file), animations: 'disabled' });
    taken.add(file);
  }
  await page.close();
});

function indexPage(): string {
  const rows = scenes.map(([name]) => {
    const pictures = looks.map((look) => {
      const file = fileOf(name, look);
      if (!taken.has(file)) return `<a>${nameOf(look)}: does not stand</a>`;
      return `<a href="${file}"><img loading="lazy" src="${file}" alt=""><br>${nameOf(look)}</a>`;
    });
    return `<section><h2>${name}</h2>${pictures.join('\n')}</section>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>Hi_Msg: every screen</title>
<style>body{font:14px sans-serif;margin:2rem}section{margin-bottom:2rem}a{display:inline-block;margin:4px;color:inherit}
img{width:340px;border:1px solid #bbb}</style>
<h1>Hi_Msg: ${scenes.length} scenes × ${looks.length} looks = ${taken.size} pictures</h1>
${rows.join('\n')}
`;
}
