import { beforeAll, expect, test } from '@jest/globals';
import { comparisonCharts, historyCharts, recordCharts, runCharts } from '../../../reports/charts/all.ts';
import { renderGallery } from '../../gallery/gallery.ts';
import { galleryEntries } from '../../gallery/states.ts';

let gallery: string;
let entries: Awaited<ReturnType<typeof galleryEntries>>;
beforeAll(async () => {
  gallery = await renderGallery();
  entries = await galleryEntries();
});

test('shows every chart of the lists, in their order', () => {
  const ids = [...runCharts, ...comparisonCharts, ...historyCharts, ...recordCharts].map(({ id }) => id);
  expect(entries.map(({ id }) => id)).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(entries.filter((entry) => entry.charts.length === 0)).toEqual([]);
});

test('shows each state twice, wide and narrow, or the reason why there is nothing to draw', () => {
  const charts = entries.flatMap((entry) => entry.charts);
  const drawn = charts.filter(({ empty }) => empty === undefined).length;
  expect(gallery.match(/<svg [^>]*class="chart-wide/g)).toHaveLength(drawn);
  expect(gallery.match(/<svg [^>]*class="chart-narrow/g)).toHaveLength(drawn);
  expect(gallery.match(/<p class="none">/g)).toHaveLength(charts.length - drawn);
});

test('has no id twice and no invalid figure', () => {
  const ids: readonly string[] = gallery.match(/ id="[^"]+"/g) ?? [];
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(gallery).not.toMatch(/NaN|Infinity|undefined/);
});

test('says whose runs it shows', () => {
  expect(gallery).toContain('The runs on this page are those of the tests');
});
