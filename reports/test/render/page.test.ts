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
}, 60_000);
afterAll(() => pages.close());

/** How many charts the page of a complete run has. */
async function countCharts(): Promise<number> {
  const report = await readReport(fixture('complete'));
  return runCharts.filter(({ draw, id }) => draw(report, id)).length;
}

const scrollWidth = 'document.documentElement.scrollWidth';

describe('the page in Chromium', () => {
  for (const situation of [...situations, 'gallery']) {
    inBrowser(`${situation}: requests only its own files, breaks no policy, never scrolls sideways`, async () => {
      const { page, origin, requests, complaints } = await pages.open(situation);
      for (const viewport of [phone, desktop]) {
        await page.setViewportSize(viewport);
        expect(await page.evaluate<number>(scrollWidth)).toBeLessThanOrEqual(viewport.width);
      }
      expect(complaints).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
      expect(requests.map((url) => new URL(url).pathname).sort()).toEqual([
        `/${situation}/index.html`,
        `/${situation}/report.css`,
      ]);
    });
  }

  inBrowser('the first screen shows the verdict, the saturation, its limit and whether a t2.micro fits', async () => {
    const { page } = await pages.open('complete');
    const fact = page.locator('.facts > dl > div', { hasText: 'On a t2.micro' });
    expect(await fact.textContent()).toMatch(/fits up to [\d,]+\/s.*bottleneck: CPU credits/);
    for (const viewport of [phone, desktop]) {
      await page.setViewportSize(viewport);
      for (const shown of [
        ...['.verdict', '.facts dd >> nth=0', '.facts dd >> nth=1'].map((each) => page.locator(each)),
        fact,
      ]) {
        const box = await shown.boundingBox();
        expect((box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0)).toBeLessThan(viewport.height);
      }
    }
  });

  inBrowser('each width has its own charts, and only them', async () => {
    const { page } = await pages.open('complete');
    for (const [viewport, shown, hidden] of [
      [desktop, 'wide', 'narrow'],
      [phone, 'narrow', 'wide'],
    ] as const) {
      await page.setViewportSize(viewport);
      expect(await page.locator(`svg.chart-${shown}:visible`).count()).toBe(await countCharts());
      expect(await page.locator(`svg.chart-${hidden}:visible`).count()).toBe(0);
    }
  });

  inBrowser('on A4 nothing is cut off, and the wide charts are printed', async () => {
    const { page } = await pages.open('complete');
    await page.setViewportSize({ width: 720, height: 1020 });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate<number>(scrollWidth)).toBeLessThanOrEqual(720);
    expect(await page.locator('svg.chart-wide:visible').count()).toBe(await countCharts());
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

  // The dark page differs in its colours alone, and the gallery has the colours of the reports.
  for (const situation of ['complete', 'killed-at-once', 'hostile', 'capacity', 'rebuild', 'gallery']) {
    for (const [colorScheme, rules] of [
      ['light', []],
      ...(situation === 'gallery' ? [] : [['dark', ['color-contrast']] as const]),
    ] as const) {
      inBrowser(
        `finds nothing wrong in ${situation}, ${colorScheme}`,
        async () => {
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
        },
        60_000,
      );
    }
  }
});
