// The page in a browser, under the strict policy that Jenkins serves it with. Each page is loaded once.
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import axe from 'axe-core';
import { runCharts } from '../../charts/all.ts';
import { readReport } from '../../write.ts';
import { fixture, situations } from '../fixture.ts';
import { desktop, inBrowser, type Pages, phone, servePages } from '../serve-pages.ts';

let pages: Pages;
beforeAll(async () => {
  pages = await servePages();
});
afterAll(() => pages?.close());

/** How many charts the page of a complete run has. */
async function countCharts(): Promise<number> {
  const report = await readReport(fixture('complete'));
  return runCharts.filter(({ draw, id }) => draw(report, id)).length;
}

const scrollWidth = 'document.documentElement.scrollWidth';

/** Words of the page that are neither folded nor in a picture; words of neighbouring cells are apart. */
const countWords = `(() => {
  const main = document.querySelector('main').cloneNode(true);
  main.querySelectorAll('details > :not(summary), svg').forEach((each) => each.remove());
  main.querySelectorAll('*').forEach((each) => each.append(' '));
  return main.textContent.trim().split(/\\s+/).length;
})()`;

/** Pixels on screen of the smallest text in a picture that is shown. */
const smallestLabel = `Math.min(...[...document.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0).flatMap((svg) => {
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return [...svg.querySelectorAll('text')].map((text) => scale * parseFloat(getComputedStyle(text).fontSize));
}))`;

/** Labels of the charts on screen that overlap another one, or leave their picture. */
const badLabels = `[...document.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0).flatMap((svg) => {
  const edge = svg.getBoundingClientRect();
  const labels = [...svg.querySelectorAll('text')].map((text) => ({ name: text.textContent, box: text.getBoundingClientRect() }));
  const cut = labels.filter(({ box }) => box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1).map(({ name }) => name + ' is cut off');
  const over = labels.flatMap((a, at) => labels.slice(at + 1)
    .filter((b) => Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 && Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
    .map((b) => a.name + ' over ' + b.name));
  return [...cut, ...over].map((what) => svg.getAttribute('aria-labelledby').split('-title')[0] + ': ' + what);
})`;

/** Labels of folded charts are as much on the page. */
const openFolds = (isOpen: boolean) =>
  `document.querySelectorAll('details').forEach((each) => { each.open = ${isOpen}; })`;

describe('the page in Chromium', () => {
  for (const situation of [...situations, 'gallery', 'comparison', 'comparison-traffic', 'history', 'record']) {
    inBrowser(
      `${situation}: requests only its own files, breaks no policy, never scrolls sideways, and no label of a chart overlaps another one or is cut off`,
      async () => {
        const { page, origin, requests, complaints } = await pages.open(situation);
        // The layout of a long page takes a second: what is asked of one is asked at once.
        await page.evaluate(openFolds(true));
        for (const viewport of [desktop, phone]) {
          await page.setViewportSize(viewport);
          expect(await page.evaluate<number>(scrollWidth)).toBeLessThanOrEqual(viewport.width);
          // Its names are longer than a phone is wide.
          if (situation !== 'hostile') expect(await page.evaluate<string[]>(badLabels)).toEqual([]);
        }
        await page.evaluate(openFolds(false));
        expect(complaints).toEqual([]);
        expect(requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
        expect(requests.map((url) => new URL(url).pathname).sort()).toEqual([
          `/${situation}/index.html`,
          `/${situation}/report.css`,
        ]);
      },
    );
  }

  inBrowser('the first screen shows the verdict and, on a desktop, all six cards', async () => {
    const { page } = await pages.open('complete');
    expect(await page.locator('.cards > div').count()).toBe(6);
    expect(await page.locator('.cards > div', { hasText: 'Sustained' }).textContent()).toMatch(/[\d,]+\/s.*No traffic/);
    for (const [viewport, cards] of [
      [phone, 2],
      [desktop, 6],
    ] as const) {
      await page.setViewportSize(viewport);
      for (const shown of [page.locator('.verdict'), page.locator(`.cards > div >> nth=${cards - 1}`)]) {
        const box = await shown.boundingBox();
        expect((box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0)).toBeLessThan(viewport.height);
      }
    }
  });

  for (const [situation, most] of [
    ['complete', 600],
    ['capacity', 600],
    ['rebuild', 600],
    ['soak', 600],
    ['comparison', 700],
    ['comparison-traffic', 700],
    ['record', 700],
  ] as const) {
    inBrowser(`${situation}: at most ${most} words outside folds and charts, in at most 250 KB`, async () => {
      const { page, origin } = await pages.open(situation);
      expect(await page.evaluate<number>(countWords)).toBeLessThan(most);
      const html = await (await fetch(`${origin}/${situation}/index.html`)).text();
      expect(html.length).toBeLessThan(250_000);
    });
  }

  for (const situation of ['complete', 'comparison-traffic']) {
    inBrowser(`${situation}: no label of a chart is below 12 px on any screen`, async () => {
      const { page } = await pages.open(situation);
      for (const width of [320, 375, 768, 1024, 1280, 1600]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate<number>(smallestLabel)).toBeGreaterThanOrEqual(11.99);
      }
    });
  }

  inBrowser('each width has its own charts, and only them', async () => {
    const { page } = await pages.open('complete');
    await page.evaluate(openFolds(true));
    for (const [viewport, shown, hidden] of [
      [desktop, 'wide', 'narrow'],
      [phone, 'narrow', 'wide'],
    ] as const) {
      await page.setViewportSize(viewport);
      expect(await page.locator(`svg.chart-${shown}:visible`).count()).toBe(await countCharts());
      expect(await page.locator(`svg.chart-${hidden}:visible`).count()).toBe(0);
    }
  });

  inBrowser('on A4 nothing is cut off, and the charts are printed with labels of at least 8 points', async () => {
    const { page } = await pages.open('complete');
    await page.setViewportSize({ width: 720, height: 1020 });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate<number>(scrollWidth)).toBeLessThanOrEqual(720);
    expect(await page.locator('svg.chart-wide:visible').count()).toBe(0);
    const [time] = await page.locator('#time svg:visible').all();
    expect((await time?.boundingBox())?.width).toBeGreaterThan(690);
    expect(await page.evaluate<number>(smallestLabel)).toBeGreaterThanOrEqual(8 / 0.75);
    await page.emulateMedia({ media: 'screen' });
  });

  inBrowser('the page is dark where the reader wants it so', async () => {
    const { page } = await pages.open('complete');
    for (const [colorScheme, color] of [
      ['light', 'rgb(255, 255, 255)'],
      ['dark', 'rgb(20, 23, 27)'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe(color);
    }
  });
});

describe('axe-core', () => {
  type Violation = {
    readonly id: string;
    readonly nodes: { readonly html: string; readonly failureSummary?: string }[];
  };
  type Found = { readonly violations: Violation[]; readonly passes: unknown[] };

  // The dark page differs in its colours alone.
  for (const situation of [
    'complete',
    'killed-at-once',
    'hostile',
    'capacity',
    'rebuild',
    'comparison-traffic',
    'record',
  ]) {
    for (const [colorScheme, rules] of [
      ['light', []],
      ['dark', ['color-contrast']],
    ] as const) {
      inBrowser(`finds nothing wrong in ${situation}, ${colorScheme}`, async () => {
        const { page } = await pages.open(situation);
        await page.setViewportSize(desktop);
        await page.emulateMedia({ colorScheme });
        if (colorScheme === 'light') await page.evaluate(axe.source);
        const options = { resultTypes: ['violations'], ...(rules.length > 0 && { runOnly: rules }) };
        const { violations, passes } = await page.evaluate<Found>(`axe.run(document, ${JSON.stringify(options)})`);
        expect(passes.length).toBeGreaterThan(rules.length === 0 ? 15 : 0);
        const found = violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
        );
        expect(found.slice(0, 5)).toEqual([]);
      });
    }
  }
});
