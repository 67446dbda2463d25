/** How frames are measured. */
import type { Page } from 'playwright-core';

const log = '[role=log]';

/** Pixels of each frame: 9,600 in a second, where a strong fling of a wheel or a touchpad makes 3,000 to 8,000. */
export const fling = 160;

/** Puts a list in the log's place that needs no script: its words as paragraphs. No list of texts can cost less here. */
export async function showPlainList(page: Page) {
  await page.$eval(log, (element) => {
    const words = [...element.querySelectorAll('[data-testid=message-text]')].map((one) => one.textContent);
    const list = document.createElement('div');
    list.setAttribute('role', 'log');
    list.style.cssText = 'height: 100%; overflow: hidden auto';
    for (let i = 0; i < 640; i++) {
      const line = document.createElement('p');
      line.style.cssText = 'margin: 0 5rem; height: 5rem; overflow: hidden';
      line.textContent = words[i % words.length] ?? '';
      list.append(line);
    }
    element.replaceWith(list);
    list.scrollTop = list.scrollHeight;
  });
}

/**
 * 300 frames, each of which scrolls on: their median, the share over 16.7 ms (with a millisecond of grace), and how much
 * processor time of the page's thread each one took, in milliseconds.
 */
export async function frames(page: Page, distance: number) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find((one) => one.name === 'TaskDuration')?.value ?? 0) * 1_000;
  };
  const before = await busy();
  const times = await page.$eval(
    log,
    (element, by) =>
      new Promise<number[]>((resolve) => {
        const taken: number[] = [];
        let last = performance.now();
        const next = (now: number) => {
          taken.push(now - last);
          last = now;
          element.scrollTop += by;
          if (taken.length > 300) resolve(taken.slice(1));
          else requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    distance,
  );
  const cpu = ((await busy()) - before) / times.length;
  await session.detach();
  const sorted = times.toSorted((a, b) => a - b);
  const slow = times.filter((time) => time > 17.7).length / times.length;
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, slow, cpu };
}

/** The page's heap after a collection, in bytes. */
export async function heapSize(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
