// axe-core over the pages: contrast, names, landmarks, tables, in light and dark.
import { afterAll, beforeAll, expect } from '@jest/globals';
import axe from 'axe-core';
import { inBrowser, type Pages, servePages } from '../serve-pages.ts';

let pages: Pages;
beforeAll(async () => {
  pages = await servePages();
}, 60_000);
afterAll(() => pages.close());

type Violation = { readonly id: string; readonly nodes: { readonly html: string; readonly failureSummary?: string }[] };

for (const situation of ['complete', 'killed-at-once', 'hostile', 'capacity', 'rebuild', 'gallery'] as const) {
  // The colours of the gallery are those of the reports.
  for (const colorScheme of situation === 'gallery' ? (['light'] as const) : (['light', 'dark'] as const)) {
    inBrowser(
      `${situation}, ${colorScheme}: axe finds nothing wrong`,
      async () => {
        await pages.look(situation, { colorScheme, scripts: true }, async ({ page }) => {
          await page.evaluate(axe.source);
          const { violations, passes } = await page.evaluate<{ violations: Violation[]; passes: unknown[] }>(
            'axe.run(document)',
          );
          expect(passes.length).toBeGreaterThan(15);
          const found = violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
          );
          expect(found.slice(0, 5)).toEqual([]);
        });
      },
      60_000,
    );
  }
}
