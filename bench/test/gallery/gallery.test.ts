import { expect, test } from '@jest/globals';
import { comparisonCharts, historyCharts, runCharts } from '../../../reports/charts/all.ts';
import { renderGallery } from '../../gallery/gallery.ts';
import { galleryEntries } from '../../gallery/states.ts';

const gallery = renderGallery();
const entries = galleryEntries();
const charts = entries.flatMap((entry) => entry.charts);

test('shows every chart of the lists, in their order', () => {
  const ids = [...runCharts, ...comparisonCharts, ...historyCharts].map(({ id }) => id);
  expect(entries.map(({ id }) => id)).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('shows each state twice, wide and narrow, or the reason why there is nothing to draw', () => {
  const drawn = charts.filter(({ empty }) => empty === undefined).length;
  expect(gallery.match(/<svg [^>]*class="chart-wide"/g)).toHaveLength(drawn);
  expect(gallery.match(/<svg [^>]*class="chart-narrow"/g)).toHaveLength(drawn);
  expect(gallery.match(/<p class="none">/g)).toHaveLength(charts.length - drawn);
});

test('has no id twice and no invalid figure', () => {
  const ids: readonly string[] = gallery.match(/ id="[^"]+"/g) ?? [];
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(gallery).not.toMatch(/NaN|Infinity|undefined/);
});

test('says that its data is made up', () => {
  expect(gallery).toContain('All data on this page is made up');
});
