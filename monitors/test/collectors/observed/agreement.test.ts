import { describe, expect, test } from '@jest/globals';
import type { HostLine } from '../../../../model/second.ts';
import { agreements } from '../../../collectors/observed/agreement.ts';

const start = Date.UTC(2026, 0, 1);
/** Half a minute of load in every second minute, of differing height. */
const load = (second: number) => (second % 120 < 30 ? 40 + (Math.floor(second / 120) % 3) * 20 : 5);
const line = (source: string, endS: number, intervalS: number, user: number): HostLine => ({
  kind: 'host',
  at: new Date(start + endS * 1000).toISOString(),
  source,
  host: source,
  intervalS,
  metrics: { 'system.cpu.user': user },
});
const fine = Array.from({ length: 900 }, (_, second) => line('local', second + 1, 1, load(second)));
const coarse = (lagS: number, offset: number) =>
  Array.from({ length: 58 }, (_, index) => {
    const from = index * 15;
    const mean = Array.from({ length: 15 }, (_, second) => load(from + second)).reduce((a, b) => a + b, 0) / 15;
    return line('datadog', from + 15 + lagS, 15, mean + offset);
  });

describe('agreements', () => {
  test.each([
    [0, 0],
    [45, 0],
    [45, 3],
    [-20, -1],
  ])('finds a source that is %i s late and %i percent off', (lagS, offset) => {
    const [found] = agreements([...fine, ...coarse(lagS, offset)]);
    expect(found).toMatchObject({ metric: 'system.cpu.user', reference: 'local', other: 'datadog', lagS });
    expect(found?.bias).toBeCloseTo(offset, 9);
    expect(found?.correlation).toBeCloseTo(1, 9);
  });

  test('a figure that does not move has no lag, and still a bias', () => {
    const flat = (source: string, intervalS: number, value: number) =>
      Array.from({ length: 60 }, (_, index) => line(source, (index + 1) * intervalS, intervalS, value));
    const [found] = agreements([...flat('local', 1, 10), ...flat('node-exporter', 2, 12).slice(0, 29)]);
    expect(found).toMatchObject({ bias: 2 });
    expect(found?.lagS).toBeUndefined();
  });

  test('one source agrees with nobody', () => {
    expect(agreements(fine)).toEqual([]);
  });
});
