import { expect, test } from '@jest/globals';
import { createServiceList } from '../../../collectors/proc/services.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const host = { cores: 2, memoryBytes: GiB };

test('adds processes of one name up and leaves tiny programs out', () => {
  const list = createServiceList(host);
  expect(
    list([
      { name: 'nginx', cpuPercent: 3, rssBytes: 4 * MiB },
      { name: 'nginx', cpuPercent: 2, rssBytes: 6 * MiB },
      { name: 'cron', cpuPercent: 0, rssBytes: 2 * MiB },
      { name: 'jenkins', cpuPercent: 0, rssBytes: 300 * MiB },
    ]),
  ).toEqual({
    nginx: { cpuPercent: 5, rssBytes: 10 * MiB },
    jenkins: { cpuPercent: 0, rssBytes: 300 * MiB },
  });
});

test('keeps a program that was busy once, with what it really uses now', () => {
  const list = createServiceList(host);
  list([{ name: 'backup', cpuPercent: 80, rssBytes: MiB }]);
  expect(list([{ name: 'backup', cpuPercent: 0, rssBytes: MiB }])).toEqual({
    backup: { cpuPercent: 0, rssBytes: MiB },
  });
  expect(list([])).toEqual({});
});

test('lists eight, those with the highest share of CPU and memory first', () => {
  const list = createServiceList(host);
  const listed = list(
    Array.from({ length: 12 }, (_, index) => ({ name: `p${index}`, cpuPercent: 2 * index + 2, rssBytes: 0 })),
  );
  expect(Object.keys(listed)).toEqual(['p11', 'p10', 'p9', 'p8', 'p7', 'p6', 'p5', 'p4']);
});
