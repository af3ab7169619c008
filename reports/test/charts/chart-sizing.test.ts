import { expect, test } from '@jest/globals';
import { findInstanceType, instanceCatalogue } from '../../../model/instance-catalogue.ts';
import { dayChart } from '../../charts/credit-week.ts';
import { demandChart } from '../../charts/demand.ts';
import { memoryChart } from '../../charts/memory.ts';
import { recordSizing } from '../../sizing/record-sizing.ts';
import { sizeRun } from '../../sizing/size-run.ts';
import { dailyTraffic } from '../../traffic/traffic.ts';
import { knownRun } from '../size-fixture.ts';

const sizing = (traffic?: ReturnType<typeof dailyTraffic>) =>
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
  const chart = demandChart(sizing());
  expect(chart?.description).toContain('A request costs 1 ms of CPU');
  expect(chart?.table.rows.map(([, throughput, used]) => [throughput, used])).toEqual([
    ['0/s', '0'],
    ['100/s', '0.1'],
    ['500/s', '0.5'],
    ['900/s', '0.9'],
  ]);
  expect(chart?.wide?.match(/<circle[^>]*class="dot throughput"/g)).toHaveLength(4 + 1);
  expect(demandChart({})).toBeUndefined();
});

test('memory is a bar of what is needed in one of what there is', () => {
  const { types } = sizing();
  const chart = memoryChart({ types });
  expect(chart?.table.rows).toEqual([
    ['t2.micro', '280 MiB', '949 MiB', '29.5 %'],
    ['t2.medium', '280 MiB', expect.stringMatching(/^3\.\d+ GiB$/), expect.stringMatching(/^\d\.\d+ %$/)],
  ]);
  expect(chart?.wide?.match(/class="area needed"/g)).toHaveLength(2 + 1);
  expect(memoryChart({ types: types.map(({ instanceType }) => ({ instanceType })) })).toBeUndefined();
});

test('memory that a type lacks goes beyond what its guest sees', () => {
  const GiB = 1024 ** 3;
  const chart = memoryChart({
    types: [{ instanceType: 't2.nano', memory: { neededBytes: 2 * GiB, guestBytes: GiB } }],
  });
  const bars = [
    ...(chart?.wide?.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*class="area (\w+)"/g) ?? []),
  ]
    .map(([, x, width, name]) => ({ name, from: Number(x), to: Number(x) + Number(width) }))
    .slice(-3);
  const [guest, needed, lacking] = bars;
  expect(bars.map(({ name }) => name)).toEqual(['guest', 'needed', 'lacking']);
  expect(needed).toMatchObject({ from: guest?.from, to: guest?.to });
  expect(lacking?.from).toBeCloseTo(guest?.to ?? 0, 1);
  expect((lacking?.to ?? 0) - (lacking?.from ?? 0)).toBeCloseTo((guest?.to ?? 0) - (guest?.from ?? 0), 1);
});

test('a week of traffic is drawn for every type that has credits', () => {
  const chart = dayChart(sizing(dailyTraffic(20_000_000, 'office')));
  expect(chart?.description).toContain('CPU that the traffic wants of t2.micro and of t2.medium,');
  expect(chart?.table.rows).toHaveLength(56);
  expect(chart?.table.rows.some((row) => row[2] === '0')).toBe(true);
  expect(dayChart(sizing())).toBeUndefined();
});
