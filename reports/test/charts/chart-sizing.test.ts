import { beforeAll, expect, test } from '@jest/globals';
import { findInstanceType, instanceCatalogue } from '../../../model/catalogue/instance-catalogue.ts';
import { creditChart } from '../../charts/credit-week.ts';
import { demandChart } from '../../charts/demand.ts';
import type { RunChart } from '../../charts/drawing/chart.ts';
import { memoryChart } from '../../charts/memory.ts';
import type { Report } from '../../schema/report.ts';
import type { SizingRecord } from '../../schema/sizing-record.ts';
import { recordSizing } from '../../sizing/record-sizing.ts';
import { sizeRun } from '../../sizing/size-run.ts';
import { dailyTraffic } from '../../traffic/traffic.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';
import { knownRun } from '../size-fixture.ts';

let report: Report;
beforeAll(async () => {
  report = await readReport(fixture('complete'));
});

function draw(chart: RunChart, sizing: SizingRecord) {
  return chart.draw({ ...report, judged: { ...report.judged, sizing } }, chart.id);
}

const size = (traffic?: ReturnType<typeof dailyTraffic>) =>
  recordSizing({
    sizing: sizeRun(
      {
        ...knownRun({ demandMs: 1, rates: [100, 500, 900] }),
        traffic,
        builds: undefined,
        mode: undefined,
        start: 'launch',
        count: 'app',
        catalogue: instanceCatalogue,
      },
      ['t2.micro', 't2.medium'].map((name) => findInstanceType(name)),
    ),
    predictions: [],
  });

test('the fit is drawn through the stages that it was made from', () => {
  const sizing = size();
  const chart = draw(demandChart, sizing);
  expect(chart?.description).toContain('Service demand: 1.00 ms.');
  expect(chart?.table.rows.map(([, throughput, used]) => [throughput, used])).toEqual([
    ['0/s', '0'],
    ['100/s', '0.1'],
    ['500/s', '0.5'],
    ['900/s', '0.9'],
  ]);
  expect(chart?.wide?.match(/<circle[^>]*class="dot throughput"/g)).toHaveLength(3 + 1);
  const { serviceDemand: _, ...without } = sizing;
  expect(draw(demandChart, without)).toBeUndefined();
});

/** Keys first, then the bars, from top to bottom. */
function barsOf(chart: { readonly wide?: string } | undefined) {
  const rects = chart?.wide?.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*class="area ([\w-]+)"/g);
  return [...(rects ?? [])].map(([, x, width, name]) => ({ name, from: Number(x), to: Number(x) + Number(width) }));
}

test('memory is a bar of what is required in one of guest memory', () => {
  const sizing = size();
  const chart = draw(memoryChart, sizing);
  expect(chart?.table.rows).toEqual([
    ['t2.micro', '280 MiB', '949 MiB', '29.5 %'],
    ['t2.medium', '280 MiB', expect.stringMatching(/^3\.\d+ GiB$/), expect.stringMatching(/^\d\.\d+ %$/)],
  ]);
  expect(barsOf(chart).map(({ name }) => name)).toEqual(['type-1', 'guest', 'guest', 'type-1', 'guest', 'type-0']);
  const types = sizing.types.map(({ memory: _, ...type }) => type);
  expect(draw(memoryChart, { ...sizing, types })).toBeUndefined();
});

test('memory that a type lacks extends beyond its guest memory', () => {
  const GiB = 1024 ** 3;
  const sizing = size();
  const types = sizing.types.slice(0, 1).map((type) => ({
    ...type,
    memory: { neededBytes: 2 * GiB, guestBytes: GiB },
  }));
  const chart = draw(memoryChart, { ...sizing, types });
  const bars = barsOf(chart).slice(-3);
  const [guest, needed, lacking] = bars;
  expect(bars.map(({ name }) => name)).toEqual(['guest', 'type-1', 'lacking']);
  expect(needed).toMatchObject({ from: guest?.from, to: guest?.to });
  expect(lacking?.from).toBeCloseTo(guest?.to ?? 0, 1);
  expect((lacking?.to ?? 0) - (lacking?.from ?? 0)).toBeCloseTo((guest?.to ?? 0) - (guest?.from ?? 0), 1);
});

test('a week of the workload is drawn for every type that has credits', () => {
  const chart = draw(creditChart, size(dailyTraffic(20_000_000, 'office')));
  expect(chart?.description).toContain('CPU that the workload needs on t2.micro and t2.medium,');
  expect(chart?.table.rows).toHaveLength(56);
  expect(chart?.table.rows.some((row) => row[2] === '0')).toBe(true);
  expect(draw(creditChart, size())).toBeUndefined();
});
