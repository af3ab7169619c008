// The page in a browser, as Jenkins serves it: under a strict policy, without scripts.
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { situations } from '../fixture.ts';
import { desktop, inBrowser, type Pages, phone, servePages } from '../serve-pages.ts';

let pages: Pages;
beforeAll(async () => {
  pages = await servePages();
}, 60_000);
afterAll(() => pages.close());

describe('the page in Chromium', () => {
  for (const situation of [...situations, 'gallery']) {
    inBrowser(`${situation}: asks for nothing but itself, breaks no policy, never scrolls sideways`, async () => {
      for (const viewport of [phone, desktop]) {
        await pages.look(situation, { viewport }, async ({ page, origin, requests, complaints }) => {
          expect(complaints).toEqual([]);
          expect(requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
          expect(requests.map((url) => new URL(url).pathname).sort()).toEqual([
            `/${situation}/index.html`,
            `/${situation}/report.css`,
          ]);
          // Scripts of the page are off; the browser still answers questions about it.
          expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
            viewport.width,
          );
        });
      }
    });
  }

  inBrowser('the verdict, the saturation and its limit stand in the first screen', async () => {
    for (const viewport of [phone, desktop]) {
      await pages.look('complete', { viewport }, async ({ page }) => {
        for (const selector of ['.verdict', '.facts dd >> nth=0', '.facts dd >> nth=1']) {
          const box = await page.locator(selector).boundingBox();
          expect((box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0)).toBeLessThan(viewport.height);
        }
      });
    }
  });

  inBrowser('a reader finds in the first screen whether a t2.micro does', async () => {
    for (const viewport of [phone, desktop]) {
      await pages.look('complete', { viewport }, async ({ page }) => {
        const fact = page.locator('.facts > dl > div', { hasText: 'On a t2.micro' });
        expect(await fact.textContent()).toMatch(/fits up to [\d,]+\/s.*what binds is credits/);
        const box = await fact.boundingBox();
        expect((box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0)).toBeLessThan(viewport.height);
      });
    }
  });

  inBrowser('each width has its own charts, and only them', async () => {
    for (const [viewport, shown, hidden] of [
      [desktop, 'wide', 'narrow'],
      [phone, 'narrow', 'wide'],
    ] as const) {
      await pages.look('complete', { viewport }, async ({ page }) => {
        expect(await page.locator(`svg.chart-${shown}:visible`).count()).toBe(7);
        expect(await page.locator(`svg.chart-${hidden}:visible`).count()).toBe(0);
      });
    }
  });

  inBrowser('on A4 nothing is cut off, and the wide charts are printed', async () => {
    await pages.look('complete', { viewport: { width: 720, height: 1020 } }, async ({ page }) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(720);
      expect(await page.locator('svg.chart-wide:visible').count()).toBe(7);
    });
  });

  inBrowser('a dark page where the reader wants one', async () => {
    for (const [colorScheme, color] of [
      ['light', 'rgb(255, 255, 255)'],
      ['dark', 'rgb(20, 23, 27)'],
    ] as const) {
      await pages.look('complete', { colorScheme }, async ({ page }) => {
        expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe(color);
      });
    }
  });
});
