import { expect, test } from '@jest/globals';
import { findInstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { readRecorded } from '../../../model/recorded/read-recorded.ts';
import { textOf } from '../../messages/text-of.ts';
import { checkNetwork, findNetwork } from '../../recorded/network-record.ts';
import { sizeRecord } from '../../recorded/size-record.ts';

const type = findInstanceType('t2.micro');

/** get-metric-statistics of NetworkOut: each figure is the Mbit/s of five minutes. */
function recorded(mbps: readonly number[], statistic = 'Sum') {
  const points = mbps.map((each, index) => ({
    Timestamp: new Date(Date.UTC(2026, 0, 1) + index * 300_000).toISOString(),
    [statistic]: (each * 1e6 * 300) / 8,
    Unit: 'Bytes',
  }));
  return readRecorded(JSON.stringify({ Label: 'NetworkOut', Datapoints: points }), 'network.json');
}

test.each([
  ['below the baseline fits', [10, 60, 20], 'fits'],
  ['one period above it fits', [10, 70, 20], 'fits'],
  ['half an hour above it is inconclusive', [10, ...Array(6).fill(70), 20], 'inconclusive'],
  ['more than an hour does not fit', [10, ...Array(13).fill(70), 20], 'does-not-fit'],
  ['above the burst bandwidth does not fit', [10, 1100, 20], 'does-not-fit'],
] as const)('%s', (_, mbps, verdict) => {
  const [check] = checkNetwork(findNetwork([recorded(mbps as readonly number[])]), type);
  expect(check).toMatchObject({ limit: 'network', verdict });
});

test('says what was carried and what is promised', () => {
  const [check] = checkNetwork(findNetwork([recorded([10, 70, 70])]), type);
  expect(check && textOf(check.because)).toBe(
    'Network: the busiest period carried 70 Mbit/s in one direction, and for 10 min at a time more than the baseline bandwidth of a t2.micro, 64 Mbit/s. Bursts to 1.02 Gbit/s last 5 to 60 min and are not promised',
  );
});

test('an average of samples of unknown length says nothing', () => {
  expect(findNetwork([recorded([10, 70], 'Average')])).toBeUndefined();
});

test('says that bytes were recorded and not judged, when they are averages', () => {
  const cpu = readRecorded('2026-01-01 00:00Z,5\n2026-01-01 00:05Z,5\n', 'cpu.csv');
  const noted = (statistic: string) =>
    sizeRecord([cpu, recorded([10, 70], statistic)], { of: type, types: [type], start: 'launch' }).notes.map(
      ({ code }) => code,
    );
  expect(noted('Average')).toContain('network-not-summed');
  expect(noted('Sum')).not.toContain('network-not-summed');
});
