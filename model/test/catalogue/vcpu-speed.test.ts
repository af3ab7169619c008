import { expect, test } from '@jest/globals';
import { architectureOf, measuredVcpus, median, poolOf, relativeSpeed, speedOf } from '../../catalogue/vcpu-speed.ts';
import transfer from '../../catalogue/vcpu-transfer.json' with { type: 'json' };

test('a family is pooled by its median, so that a wild figure does not move it', () => {
  // T2: 8.92, 10.4, 10.52, 10.63, 11.12, 11.12 and, throttled while it was measured, 63.8.
  const speed = speedOf('t2.2xlarge');
  expect(speed?.redisSetUs).toBe(10.63);
  // Deviations 0, 0.11, 0.23, 0.49, 0.49, 1.71, 53.17: their median is 0.49; 1.645 x 1.2533 x 1.4826 x 0.49 / sqrt 7 = 0.5661.
  expect(speed?.low).toBeCloseTo(10.63 - 0.5661, 3);
  expect(speed?.high).toBeCloseTo(10.63 + 0.5661, 3);
  expect(speed?.pool).toHaveLength(7);
});

test('types of one family have one speed, whatever each was measured at', () => {
  expect(speedOf('t2.medium')).toEqual(speedOf('t2.micro'));
});

test('a family of one type is pooled with the others on its processor', () => {
  const pool = poolOf('trn1.2xlarge');
  expect(new Set(pool.map(({ cpu }) => cpu))).toEqual(new Set(['Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz']));
  expect(pool.length).toBe(39);
});

test('a type that is left out of its pool is not in it', () => {
  const micro = measuredVcpus.find(({ type }) => type === 't2.micro');
  expect(poolOf('t2.micro', micro).map(({ type }) => type)).toEqual([
    't2.2xlarge',
    't2.large',
    't2.medium',
    't2.nano',
    't2.small',
    't2.xlarge',
  ]);
});

test('a vCPU of a T2 is 8.4 / 10.63 of a core whose SET takes 8.4 us, times the correction of the table', () => {
  const factor = transfer['x86 to x86'];
  const speed = relativeSpeed({ redisSetUs: 8.4, low: 8.4, high: 8.4 }, 't2.micro');
  const ratio = (8.4 / 10.63) * factor.value;
  expect(speed?.ratio).toBeCloseTo(ratio, 10);
  // Nothing but the table's interval is in it.
  expect(speed?.low).toBeCloseTo((8.4 / 10.63) * factor.low, 10);
  expect(speed?.high).toBeCloseTo((8.4 / 10.63) * factor.high, 10);
});

test("a measured core's interval is added in quadrature to that of the table", () => {
  const { value, low } = transfer['x86 to x86'];
  const speed = relativeSpeed({ redisSetUs: 8.4, low: 8.4 / 1.1, high: 8.4 * 1.1 }, 't2.micro');
  const half = Math.sqrt(Math.log(value / low) ** 2 + Math.log(1.1) ** 2);
  expect(Math.log((speed?.ratio ?? 0) / (speed?.low ?? 1))).toBeCloseTo(half, 10);
});

test('a type is itself without doubt, and another of its family with the spread within families', () => {
  expect(relativeSpeed('t2.micro', 't2.micro')).toEqual({ ratio: 1, low: 1, high: 1 });
  const { low, high } = transfer.samePool;
  expect(relativeSpeed('t2.medium', 't2.micro')).toEqual({
    ratio: 1,
    low: expect.closeTo(low),
    high: expect.closeTo(high),
  });
});

test('from x86 to Arm a request costs more than its SET says', () => {
  const sets = (speedOf('t2.micro')?.redisSetUs ?? 0) / (speedOf('t4g.micro')?.redisSetUs ?? 1);
  expect(relativeSpeed('t2.micro', 't4g.micro')?.ratio).toBeCloseTo(sets * transfer['x86 to arm'].value, 10);
});

test('a type that the table does not have has no speed, on either side', () => {
  expect(speedOf('x9.tiny')).toBeUndefined();
  expect(relativeSpeed('t2.micro', 'x9.tiny')).toBeUndefined();
  expect(relativeSpeed('x9.tiny', 't2.micro')).toBeUndefined();
});

test("a user's own figure comes before the table's, with the spread of a single figure", () => {
  const own = [{ instanceType: 't2.micro', redisSetUs: 20, processor: 'AWS Graviton9' }];
  expect(speedOf('t2.micro', own)).toEqual({
    redisSetUs: 20,
    low: 20 * transfer.single.low,
    high: 20 * transfer.single.high,
    architecture: 'arm',
    pool: ['t2.micro'],
  });
  // An own type without a figure keeps that of the table.
  expect(speedOf('t2.micro', [{ instanceType: 't2.micro' }])).toEqual(speedOf('t2.micro'));
});

test.each([
  ['Neoverse-N1', 'arm'],
  ['Cortex-A72', 'arm'],
  ['AWS Graviton2', 'arm'],
  ['AMD EPYC 7571', 'x86'],
  ['', 'x86'],
])('the processor "%s" is %s', (processor, architecture) => {
  expect(architectureOf(processor)).toBe(architecture);
});

test('a median of an even number of figures is the mean of the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
