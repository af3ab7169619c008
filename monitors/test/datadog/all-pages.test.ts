import { expect, test } from '@jest/globals';
import { allPages, pageSize } from '../../datadog/all-pages.ts';

const items = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ id: from + index }));

test('collects pages until one is not full, each item once', async () => {
  const pages = [items(0, pageSize), items(pageSize - 1, pageSize), items(2 * pageSize - 1, 3)];
  const found = await allPages(async (page) => pages[page] ?? []);
  expect(found.map(({ id }) => id)).toEqual(items(0, 2 * pageSize + 2).map(({ id }) => id));
});

test('a server that gives its first page for ever is asked twice', async () => {
  let asked = 0;
  const found = await allPages(async () => {
    asked++;
    return items(0, pageSize);
  });
  expect([found.length, asked]).toEqual([pageSize, 2]);
});
