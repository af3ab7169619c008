// Types that promise a part of their vCPUs, and those of other clouds.
import { expect, test } from '@jest/globals';
import { findInstanceType, findInstanceTypes, instanceCatalogue } from '../../../model/catalogue/instance-catalogue.ts';
import { readRecorded } from '../../../model/recorded/read-recorded.ts';
import { textOf } from '../../messages/text-of.ts';
import { sizeRecord } from '../../recorded/size-record.ts';
import { sizeRun } from '../../sizing/size-run.ts';
import { dailyTraffic } from '../../traffic/traffic.ts';
import { knownRun } from '../size-fixture.ts';

/** A request takes 1 ms of a vCPU. */
function size(names: string, perS: number) {
  const { run, observed } = knownRun({ demandMs: 1, rates: [100, 300, 600, 900] });
  const settings = { builds: undefined, mode: 'unlimited', start: 'launch', count: 'app' } as const;
  const traffic = dailyTraffic(perS * 86_400, 'flat');
  const types = findInstanceTypes('--on', names);
  return sizeRun({ run, observed, traffic, catalogue: instanceCatalogue, ...settings }, types);
}

test('a flex type is judged by what it promises; a peak above that is inconclusive, and its note says why', () => {
  const [fits] = size('e2-medium', 100).instances;
  expect(fits).toMatchObject({ verdict: 'fits' });
  const [open] = size('e2-micro', 400).instances;
  expect(open).toMatchObject({ verdict: 'inconclusive', limitedBy: 'burst-cpu' });
  expect(open?.burstPerS?.value).toBeCloseTo(250, 0);
  expect(open?.notes.map(textOf)).toContain(
    '0.25 of the 2 vCPUs of e2-micro are promised. More is usual, up to all of them, and no verdict rests on it',
  );
});

test('Azure has no unlimited mode, and a type without a price has a verdict and no cost', () => {
  const { instances, recommendation } = size('B1s,B2ats_v2', 20);
  expect(instances.map(({ instanceType, mode }) => [instanceType, mode])).toEqual([
    ['B1s', 'standard'],
    ['B2ats_v2', 'standard'],
  ]);
  for (const each of instances) expect(each).not.toHaveProperty('usdPerMonth');
  expect(recommendation).toMatchObject({ code: 'recommend-type', instanceType: 'B2ats_v2' });
  expect(textOf(recommendation)).toContain('B2ats_v2 fits. Its price is not in the catalogue');
});

test('a vCPU whose speed is not known has wide intervals, and is inconclusive where they hold both answers', () => {
  const [b1s] = size('B1s', 50).instances;
  expect(b1s).toMatchObject({ verdict: 'inconclusive' });
  const [t2] = size('t2.micro', 50).instances;
  const width = ({ low, high }: { low: number; high: number }) => high / low;
  expect(width(b1s?.burstPerS as never)).toBeGreaterThan(2 * width(t2?.burstPerS as never));
  expect(b1s?.notes.map(textOf).join()).toContain(
    'how fast a vCPU of B1s is compared with the measured one is not known',
  );
});

test('a record above what a flex type promises is inconclusive, and one below it fits', () => {
  const record = (percent: number) => {
    const at = (index: number) => new Date(Date.UTC(2026, 0, 5) + index * 300_000).toISOString();
    const rows = Array.from({ length: 8 * 288 }, (_, index) => `${at(index)},${percent}`);
    const files = [readRecorded(['time,cpu %', ...rows].join('\n'), 'cpu.csv')];
    const of = findInstanceType('m7i-flex.large');
    return sizeRecord(files, { of, types: [of], start: 'launch' }).instances[0];
  };
  expect(record(30)).toMatchObject({ verdict: 'fits', vcpus: 0.8 });
  const above = record(60);
  expect(above).toMatchObject({ verdict: 'inconclusive', limitedBy: 'burst-cpu' });
  expect(above && textOf(above.because)).toMatch(/^Demand exceeds the 0.8 vCPUs that are promised for /);
});

test('a record of one cloud decides nothing about the CPU of another type whose vCPU is not known', () => {
  const at = (index: number) => new Date(Date.UTC(2026, 0, 5) + index * 300_000).toISOString();
  const rows = Array.from({ length: 8 * 288 }, (_, index) => `${at(index)},40`);
  const files = [readRecorded(['time,cpu %', ...rows].join('\n'), 'cpu.csv')];
  const of = findInstanceType('B2ats_v2');
  const [judged] = sizeRecord(files, { of, types: [findInstanceType('B1s')], start: 'launch' }).instances;
  expect(judged).toMatchObject({ verdict: 'inconclusive', because: { code: 'record-speed-unknown' } });
  expect(judged?.checks.map(({ verdict }) => verdict)).toContain('does-not-fit');
});
