import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '@/bridge/types';
import { estimateHeight } from '@/features/chat/log/log-size';
import { openStage, type Stage } from './browser';
import { fling, frames, heapSize, showPlainList } from './frames';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  page = await stage.open('language=ko&quiet', { width: 1200, height: 800 });
  return () => page.close();
});

const log = '[role=log]';

/** How far the end is below what is in view, in pixels. */
function fromEnd(): Promise<number> {
  return page.$eval(log, (element) => element.scrollHeight - element.clientHeight - element.scrollTop);
}

function topSeq(): Promise<number> {
  return page.$eval(log, (element) => {
    const { top } = element.getBoundingClientRect();
    const rows = [...element.querySelectorAll('[data-testid=message]')];
    const first = rows.find((row) => row.getBoundingClientRect().top >= top);
    return Number(first?.getAttribute('data-seq') ?? 0);
  });
}

function placeOf(seq: number): Promise<number> {
  return page.$eval(`[data-testid=message][data-seq="${seq}"]`, (element) => element.getBoundingClientRect().top);
}

async function wheel(distance: number) {
  await page.mouse.move(800, 400);
  await page.mouse.wheel(0, distance);
}

async function openRoom(place: number) {
  await page.locator('[data-testid=room-row]').nth(place).click();
  await page.waitForSelector('[data-testid=message]');
}

/** Waits until ten frames in a row show the same place. */
async function settled() {
  await page.evaluate(() => Object.assign(window, { lastTop: '', calm: 0 }));
  await page.waitForFunction((selector) => {
    const state = window as unknown as { lastTop?: string; calm?: number };
    const element = document.querySelector(selector);
    const now = `${element?.scrollTop}/${element?.scrollHeight}`;
    state.calm = state.lastTop === now ? (state.calm ?? 0) + 1 : 0;
    state.lastTop = now;
    return state.calm > 10;
  }, log);
}

describe('the end', () => {
  test('writing several lines keeps it in view', async () => {
    await openRoom(0);
    await settled();
    for (const line of ['하나', '둘', '셋', '넷']) {
      await page.keyboard.type(line);
      await page.keyboard.press('Shift+Enter');
      await settled();
      expect(await fromEnd()).toBeLessThanOrEqual(1);
    }
    expect(await page.locator('[data-testid=jump-latest]').count()).toBe(0);
  });

  test('a room opens there, and stays there when the window or the text grows', async () => {
    await openRoom(0);
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
    await page.setViewportSize({ width: 900, height: 500 });
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '150%';
    });
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
  });

  test('a way back to it is offered once it is out of sight, not while it is at hand', async () => {
    await openRoom(0);
    await settled();
    for (const [by, offered] of [
      [-70, 0],
      [-200, 1],
      [170, 0],
    ] as const) {
      await wheel(by);
      await settled();
      expect(await fromEnd()).toBeGreaterThan(40);
      expect(await page.locator('[data-testid=jump-latest]').count()).toBe(offered);
    }
  });

  test('an own message is shown though one was reading above', async () => {
    await openRoom(0);
    await settled();
    await wheel(-900);
    await settled();
    expect(await fromEnd()).toBeGreaterThan(300);
    await page.fill('[data-testid=composer-input]', '안녕하세요');
    await page.press('[data-testid=composer-input]', 'Enter');
    await page.waitForSelector('[data-testid=message][data-state=sent] >> text=안녕하세요');
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
  });
});

describe('what is in view stays where it is', () => {
  test('while older pages load above it', async () => {
    await openRoom(0);
    await settled();
    const heights: number[] = [];
    for (let step = 0; step < 16; step++) {
      const seq = await topSeq();
      const before = await placeOf(seq);
      await wheel(-300);
      await settled();
      expect(Math.abs((await placeOf(seq)) - before - 300)).toBeLessThanOrEqual(2);
      heights.push(await page.$eval(log, (element) => element.scrollHeight));
    }
    // A page came meanwhile: else this would prove nothing.
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(2_000);
  });

  test('while a colleague writes below; a pill tells of it', async () => {
    await page.close();
    page = await stage.open('language=ko', { width: 1200, height: 800 });
    await openRoom(1);
    await settled();
    await page.fill('[data-testid=composer-input]', '확인 부탁드립니다');
    await page.press('[data-testid=composer-input]', 'Enter');
    await page.waitForSelector('[data-testid=message][data-state=sent] >> text=확인 부탁드립니다');
    await wheel(-600);
    await settled();
    const seq = await topSeq();
    const before = await placeOf(seq);
    await page.waitForSelector('[data-testid=jump-latest] >> text=새 메시지 1개', { timeout: 10_000 });
    await settled();
    expect(Math.abs((await placeOf(seq)) - before)).toBeLessThanOrEqual(1);
    await page.click('[data-testid=jump-latest]');
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
  });
});

test('a long history can be read to its beginning with few elements in the page', async () => {
  await openRoom(0);
  await settled();
  for (
    let step = 0;
    step < 60 && (await page.locator('[data-testid=system-line][data-seq="1"]').count()) === 0;
    step++
  ) {
    await page.$eval(log, (element) => {
      element.scrollTop = 0;
    });
    await settled();
  }
  expect(await page.locator('[data-testid=system-line][data-seq="1"]').count()).toBe(1);
  expect(await page.locator('[data-testid=message]').count()).toBeLessThan(60);
});

/** The first message that is whole in view, and where it is on the screen. */
function underTheEye(): Promise<{ seq: number; y: number }> {
  return page.$eval(log, (element) => {
    const { top } = element.getBoundingClientRect();
    const rows = [...element.querySelectorAll('[data-testid=message]')].toSorted(
      (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
    );
    const first = rows.find((row) => row.getBoundingClientRect().top >= top);
    return { seq: Number(first?.getAttribute('data-seq')), y: first?.getBoundingClientRect().top ?? 0 };
  });
}

/** Calls the fake core, as others would act on it. */
function fake(call: string, ...values: unknown[]): Promise<void> {
  return page.evaluate(
    async ([name, given]) => {
      const { himsgFake } = window as unknown as { himsgFake: Record<string, (...all: unknown[]) => Promise<void>> };
      await himsgFake[name]?.(...given);
    },
    [call, values] as const,
  );
}

const long = { text: '고친 글입니다.\n'.repeat(9), reply_to_seq: 0, mentions: [], mention_all: false };
/** The first room's message with that seq. */
const idOf = (seq: number) => 100_000 + seq;

/** Pictures stay on their way until they are released; then they come with a shape that nobody expects of them. */
let release: () => void = () => undefined;
async function holdPictures() {
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const body =
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="5000"><rect width="10" height="5000"/></svg>';
  await page.route('**/thumbnail/**', async (route) => {
    await released;
    await route.fulfill({ contentType: 'image/svg+xml', body });
  });
}

/** How many pictures above a place of the window have loaded, or have not. */
function picturesAbove(y: number, loaded: boolean): Promise<number> {
  return page.$$eval(
    `${log} img[data-loaded=${loaded}]`,
    (all, place) => all.filter((one) => one.getBoundingClientRect().bottom <= place).length,
    y,
  );
}

const disturbances: Record<string, (seq: number) => Promise<unknown>> = {
  'a picture above loads': async (seq) => {
    expect(await picturesAbove(await placeOf(seq), false)).toBeGreaterThan(0);
    release();
    await page.waitForFunction(
      (selector) => document.querySelector(`${selector} img[data-loaded=false]`) === null,
      log,
    );
    expect(await picturesAbove(await placeOf(seq), true)).toBeGreaterThan(0);
  },
  'a message just above is edited and grows': (seq) => fake('edit', idOf(seq - 3), long, 0),
  'the message at the upper edge grows': (seq) => fake('edit', idOf(seq - 1), long, 0),
  'a message far above is edited': (seq) => fake('edit', idOf(seq - 40), long, 0),
  'a message above gets a reaction': (seq) => fake('react', idOf(seq - 1), '👍', true),
  'a message above is deleted for me': (seq) => fake('hideMessages', [idOf(seq - 4)]),
  'a message above is pinned': (seq) => fake('pin', idOf(seq - 5), true),
  'the window gets narrow': () => page.setViewportSize({ width: 900, height: 800 }),
  'the window gets low': () => page.setViewportSize({ width: 900, height: 600 }),
  'the window gets wide again': () => page.setViewportSize({ width: 1200, height: 800 }),
  'the text gets larger': () => page.evaluate(() => document.documentElement.style.setProperty('font-size', '150%')),
  'the text gets small again': () => page.evaluate(() => document.documentElement.style.removeProperty('font-size')),
  'a bar opens above the log': async () => {
    await page.keyboard.press('Control+f');
    await page.waitForSelector('[data-testid=room-search]');
  },
  'the bar closes': () => page.click('[data-testid=room-search-close]'),
  'the composer grows': () => page.fill('[data-testid=composer-input]', '한 줄\n두 줄\n세 줄\n네 줄'),
  'one goes to another room and comes back': async () => {
    await openRoom(3);
    await settled();
    await openRoom(0);
  },
  'one goes to another place of the app and comes back at once': async () => {
    await page.click('[data-testid=rail-people]');
    await page.click('[data-testid=rail-chats]');
    await page.waitForSelector('[data-testid=message]');
  },
  'one goes to another place of the app and comes back': async () => {
    await page.click('[data-testid=rail-people]');
    await page.waitForSelector('[data-testid=people-row]');
    await page.click('[data-testid=rail-chats]');
    await page.waitForSelector('[data-testid=message]');
  },
};

test('whatever happens, the message under the eye stays there to the pixel', async () => {
  await page.close();
  page = await stage.open('language=ko&quiet&served&messages=2000', { width: 1200, height: 800 });
  await holdPictures();
  await openRoom(0);
  await settled();
  for (const distance of [-700, -700, -417]) {
    await wheel(distance);
    await settled();
  }
  // A picture that is still on its way stands above what is read.
  for (let step = 0; step < 30 && (await picturesAbove((await underTheEye()).y, false)) === 0; step++) {
    await wheel(-120);
    await settled();
  }
  const moved: Record<string, number> = {};
  for (const [name, act] of Object.entries(disturbances)) {
    const { seq } = await underTheEye();
    const before = await placeOf(seq);
    await act(seq);
    await settled();
    moved[name] = Math.round(((await placeOf(seq)) - before) * 10) / 10;
  }
  // oxlint-disable-next-line no-console -- the figures are what the run is for
  console.info('moved, in pixels:', moved);
  for (const [name, pixels] of Object.entries(moved)) expect(Math.abs(pixels), name).toBeLessThanOrEqual(1);
}, 240_000);

test('the height that a row is expected to have is the one it has', async () => {
  const errors: number[] = [];
  for (const place of [0, 1, 2]) {
    await openRoom(place);
    await settled();
    for (let step = 0; step < 4; step++) {
      errors.push(...(await estimateErrors()));
      await wheel(-700);
      await settled();
    }
  }
  const off = errors.map(Math.abs).toSorted((a, b) => a - b);
  const mean = off.reduce((sum, one) => sum + one, 0) / off.length;
  const exact = off.filter((one) => one <= 2).length / off.length;
  // oxlint-disable-next-line no-console -- the figures are what the run is for
  console.info('estimated heights:', { rows: off.length, exact, mean, worst: off.at(-1) });
  expect(off.length).toBeGreaterThan(100);
  expect(exact).toBeGreaterThan(0.9);
  expect(mean).toBeLessThan(3);
});

/** By how many pixels the rows in the page are higher than they were expected to be. */
async function estimateErrors(): Promise<number[]> {
  const { shown, messages } = await page.evaluate(async () => {
    const room = document.querySelector<HTMLElement>('[data-testid=conversation]')?.dataset.room;
    const found = [...document.querySelectorAll<HTMLElement>('[role=log] [data-key]')].map((row) => ({
      seq: Number(row.querySelector<HTMLElement>('[data-seq]:not([data-testid=quote])')?.dataset.seq),
      height: row.offsetHeight,
      head: row.querySelector('[data-head=true]') !== null,
      opensDay: row.querySelector('[data-testid=day]') !== null,
      opensUnread: row.querySelector('[data-testid=unread-mark]') !== null,
    }));
    const { himsgFake } = window as unknown as {
      himsgFake: { messages: (room: string | undefined, seqs: number[]) => Promise<Message[]> };
    };
    return {
      shown: found,
      messages: await himsgFake.messages(
        room,
        found.map(({ seq }) => seq),
      ),
    };
  });
  return shown.flatMap(({ seq, height, ...row }) => {
    const message = messages.find((one) => one.seq === seq);
    return message ? [height - estimateHeight({ ...row, key: message.client_id, tail: true, message })] : [];
  });
}

describe('a room of 100,000', () => {
  beforeEach(async () => {
    await page.close();
    page = await stage.open('language=ko&quiet&messages=100000', { width: 1200, height: 800 });
    await openRoom(0);
    await settled();
  });

  test('a found message in its middle is shown, and the way back to the end is one step', async () => {
    await fake('edit', idOf(50_000), { ...long, text: '유일무이한 문장' }, 0);
    await page.click('[data-testid=rail-search]');
    await page.fill('[data-testid=search-input]', '유일무이한');
    await page.waitForSelector('[data-testid=search-message]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=message][data-seq="50000"]');
    await settled();
    const middle = await page.$eval(log, (element) => {
      const { top, height } = element.getBoundingClientRect();
      return top + height / 2;
    });
    expect(Math.abs((await placeOf(50_000)) - middle)).toBeLessThan(120);
    await page.click('[data-testid=jump-latest]');
    await page.waitForSelector('[data-testid=message][data-seq="100000"]');
    await settled();
    expect(await fromEnd()).toBeLessThan(2);
  });

  test('a fling through it costs what one through a small room costs', async () => {
    const idle = await frames(page, 0);
    const start = await topSeq();
    const heap = await heapSize(page);
    const flung = await frames(page, -fling);
    await settled();
    const passed = start - (await topSeq());
    const grown = (await heapSize(page)) - heap;
    const elements = await page.$$eval(`${log} *`, (all) => all.length);
    await page.close();
    page = await stage.open('language=ko&quiet&messages=640', { width: 1200, height: 800 });
    await openRoom(0);
    await settled();
    const small = await frames(page, -fling);
    await showPlainList(page);
    await settled();
    const plain = await frames(page, -fling);
    // oxlint-disable-next-line no-console -- the figures are what the run is for
    console.info({ passed, idle, flung, small, plain, timesPlain: flung.cpu / plain.cpu, grown, elements });
    expect(passed).toBeGreaterThan(100);
    expect(elements).toBeLessThan(1_500);
    expect(grown).toBeLessThan(30e6);
    // Processor time: what else the machine does makes frames late, but costs this thread nothing.
    expect(flung.cpu / small.cpu).toBeLessThan(1.6);
    // Rows that are made cost more than text that stands there: 5.2 times as measured first.
    expect(flung.cpu / plain.cpu).toBeLessThan(8);
  }, 240_000);
});
