import { describe, expect, test } from '@jest/globals';
import { concludeAtSlo, nextRate, type OpenBlock } from '../../run/conclude-at-slo.ts';

const slo = ['latency.p99 < 100ms'];
/** Of a target that saturates at 1,000/s. */
const bracket = { from: 600, to: 1200 };

function block(arrivalRatePerS: number, answer: OpenBlock['answer'], code = 'slo-missed'): OpenBlock {
  const reasons = answer === 'holds' ? [] : [{ code, text: `${code} at ${arrivalRatePerS}/s` }];
  return { arrivalRatePerS, stage: 0, answer, reasons };
}

/** Blocks sent one after the other to a target that meets the SLO up to `capacity`; the generator up to `limit`. */
function search(capacity: number, count: number, limit = Number.POSITIVE_INFINITY): OpenBlock[] {
  const blocks: OpenBlock[] = [];
  for (let sent = 0; sent < count; sent++) {
    const rate = nextRate(blocks, bracket);
    if (rate === undefined) break;
    blocks.push(block(rate, rate > limit ? 'generator' : rate <= capacity ? 'holds' : 'fails'));
  }
  return blocks;
}

function capacityOf(blocks: readonly OpenBlock[]) {
  const found = concludeAtSlo(blocks, bracket, slo);
  if (!('capacity' in found)) throw new Error(`no capacity: ${found.missing.code}`);
  return found.capacity;
}

describe('a few open blocks', () => {
  test.each([690, 730, 810, 870, 930, 1000, 1060])(
    'hold the capacity of %i/s in an interval of three of them',
    (capacity) => {
      const { arrivalRatePerS, low, high, atLeast } = capacityOf(search(capacity, 3));
      expect(atLeast).toBeUndefined();
      expect(low).toBeLessThanOrEqual(capacity);
      expect(high).toBeGreaterThanOrEqual(capacity);
      expect(Math.abs(arrivalRatePerS / capacity - 1)).toBeLessThan(0.07);
    },
  );

  test('know the capacity better the more of them there are', () => {
    const width = (count: number) => {
      const { arrivalRatePerS, low, high } = capacityOf(search(930, count));
      return (high - low) / arrivalRatePerS;
    };
    expect(width(6)).toBeLessThan(width(3) / 2);
    expect(width(6)).toBeLessThan(0.15);
  });

  test('begin in the middle of what is possible, and each goes on in the middle of what is left', () => {
    expect(search(900, 3).map(({ arrivalRatePerS }) => Math.round(arrivalRatePerS / 10))).toEqual([85, 100, 92]);
  });

  test('never give the generator’s limit for the capacity: it is at least what held below it', () => {
    const blocks = search(1100, 4, 900);
    expect(blocks.map(({ answer }) => answer)).toContain('generator');
    const { arrivalRatePerS, low, high, atLeast } = capacityOf(blocks);
    expect(atLeast).toBe(true);
    expect(arrivalRatePerS).toBe(low);
    expect(low).toBeLessThan(900);
    expect(high).toBe(bracket.to);
  });

  test('end when the next rate would be the generator’s limit again', () => {
    expect(search(1100, 20, 900).length).toBeLessThan(8);
  });

  test('leave out what failed above a rate that was too much for the generator', () => {
    const { atLeast, probes } = capacityOf([block(700, 'holds'), block(1000, 'fails'), block(900, 'generator')]);
    expect(atLeast).toBe(true);
    expect(probes.map(({ holds }) => holds)).toEqual([true, false, false]);
  });

  test('are at least the highest that was sent where none failed', () => {
    const { arrivalRatePerS, high, atLeast } = capacityOf(search(5000, 3));
    expect(atLeast).toBe(true);
    expect(arrivalRatePerS).toBeGreaterThan(950);
    expect(high).toBe(bracket.to);
  });

  test('count for nothing where they were disturbed', () => {
    const counted = search(900, 3);
    const disturbed = block(650, 'disturbed', 'core-shared');
    const { arrivalRatePerS, low, high } = capacityOf([...counted, disturbed]);
    expect({ arrivalRatePerS, low, high }).toEqual({
      arrivalRatePerS: capacityOf(counted).arrivalRatePerS,
      low: capacityOf(counted).low,
      high: capacityOf(counted).high,
    });
    expect(nextRate([...counted, disturbed], bracket)).toBe(nextRate(counted, bracket));
  });
});

describe('without a capacity the reason is', () => {
  test('the lowest rate, which missed the SLO', () => {
    const [first = block(0, 'holds')] = search(400, 1);
    const missed = [first, block(650, 'fails'), block(700, 'fails')];
    const found = concludeAtSlo(missed, bracket, slo);
    expect(found).toMatchObject({ capacity: { arrivalRatePerS: 650, low: 0, high: 650, atMost: true, slo } });
    const { missing } = found as { missing: { text: string } };
    expect(missing.text).toBe(
      'at 650/s, the lowest rate that was sent, slo-missed at 650/s. Search lower rates with --profile capacity',
    );
  });

  test('the generator, where every rate was too much for it', () => {
    expect(concludeAtSlo(search(900, 3, 300), bracket, slo)).toMatchObject({
      missing: { code: 'blocks-not-counted', of: 3, cause: { code: 'slo-missed' } },
    });
  });

  test('the disturbance, where none counts', () => {
    expect(concludeAtSlo([block(790, 'disturbed', 'core-slow')], bracket, slo)).toMatchObject({
      missing: { code: 'blocks-not-counted', of: 1, cause: { code: 'core-slow' } },
    });
  });

  test('the end of the run, where none was sent', () => {
    expect(concludeAtSlo([], bracket, slo)).toMatchObject({ missing: { code: 'search-stopped' } });
  });
});
