import { expect, test } from '@jest/globals';
import { renderGallery } from '../../render/gallery.ts';

const gallery = renderGallery();

test('shows every state of every chart, twice: wide and narrow', () => {
  expect(gallery.match(/<svg [^>]*class="chart-wide"/g)).toHaveLength(25);
  expect(gallery.match(/<svg [^>]*class="chart-narrow"/g)).toHaveLength(25);
  expect(gallery.match(/<p class="none">/g)).toHaveLength(3);
});

test('has no id twice, and no figure that is none', () => {
  const ids: readonly string[] = gallery.match(/ id="[^"]+"/g) ?? [];
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(gallery).not.toMatch(/NaN|Infinity|undefined/);
});

test('says that its data is made up', () => {
  expect(gallery).toContain('All data on this page is made up');
});
