import { expect, test } from '@jest/globals';
import type { CapacityStage } from '../../../model/stage-kinds/capacity.ts';
import { isoAt, makeLatency, makeSecond, makeStage } from '../../../model/test/make-run.ts';
import { runCapacity } from '../../run/run-capacity.ts';

const durationS = 2;
const stage: CapacityStage = {
  kind: 'capacity',
  name: 'capacity',
  slo: ['latency.p99 < 100ms'],
  from: 250,
  to: 4000,
  rounds: 2,
  durationS,
  arrivals: 'poisson',
  maxConnections: 256,
};

/** A target that drops what is above 1,000/s; `late` says of each probe how many requests its generator was too late for. */
async function search(lateOf: (probe: number, ratePerS: number) => number, pauses = { stalledS: 0, pausedS: 0 }) {
  const rates: number[] = [];
  const result = await runCapacity({
    stage,
    seed: 1,
    calm: async () => {},
    runProbe: async (arrivalRatePerS) => {
      const number = rates.push(arrivalRatePerS) - 1;
      const intended = arrivalRatePerS * durationS;
      const late = lateOf(number, arrivalRatePerS);
      const dropped = Math.max(0, intended - 1000 * durationS);
      const sent = intended - dropped - late;
      const requests = { intended, sent, completed: sent, dropped, open: 0, ...(late > 0 && { late }) };
      const latencyUs = makeLatency(10_000);
      const record = makeStage({ kind: 'open', role: 'probe', durationS, requests, latencyUs, pauses });
      const seconds = [0, 1].map((second) => makeSecond(sent / durationS, { at: isoAt(second), inFlightS: 1 }));
      return { record, seconds, number };
    },
  });
  return { rates, result };
}

test('a probe whose generator was late is sent again, and does not count as one that the target failed', async () => {
  const undisturbed = await search(() => 0);
  const disturbed = await search((probe) => (probe === 0 || probe === 7 ? 3 : 0));
  const probed = (rates: readonly number[], without: readonly number[]) =>
    rates.filter((_, index) => !without.includes(index));
  expect(disturbed.rates[1]).toBe(disturbed.rates[0]);
  expect(disturbed.rates[8]).toBe(disturbed.rates[7]);
  expect(probed(disturbed.rates, [0, 7])).toEqual(undisturbed.rates);
  const capacityOf = ({ result }: typeof disturbed) => 'capacity' in result && result.capacity.arrivalRatePerS;
  expect(capacityOf(disturbed)).toBe(capacityOf(undisturbed));
  expect(capacityOf(disturbed)).toBeGreaterThan(970);
});

test('a generator that is late three times at one rate ends the search, by its name', async () => {
  const { rates, result } = await search((probe) => (probe >= 1 ? 3 : 0));
  expect(rates).toEqual([250, 500, 500, 500]);
  expect(result).toMatchObject({ missing: { code: 'generator-late', late: 3 } });
});

test('a generator whose core the app takes near its limit leaves the search its edge, with a warning', async () => {
  const { rates, result } = await search((_, ratePerS) => (ratePerS >= 800 ? 300 : 0), { stalledS: 1, pausedS: 0 });
  expect(rates.slice(0, 5)).toEqual([250, 500, 1000, 1000, 1000]);
  expect(result).toMatchObject({ late: { code: 'generator-delayed' } });
  const { low, high } = 'capacity' in result ? result.capacity : { low: 0, high: 0 };
  expect(low).toBeLessThan(1000);
  expect(high).toBeGreaterThan(500);
});

test('what the target drops counts, however late the generator was', async () => {
  const { rates, result } = await search((probe) => (probe === 3 ? 3 : 0));
  expect(rates.slice(0, 5)).toEqual([250, 500, 1000, 2000, expect.not.closeTo(2000)]);
  expect(result).toHaveProperty('capacity');
});
