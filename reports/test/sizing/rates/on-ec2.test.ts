import { describe, expect, test } from '@jest/globals';
import { textOf } from '../../../messages/text-of.ts';
import { scaleRate } from '../../../sizing/rates/on-ec2.ts';

const vcpu = { value: 0.8, low: 0.8 / 1.3, high: 0.8 * 1.4 };

describe('a rate on EC2', () => {
  test('is that of a core times the share, with both intervals in quadrature', () => {
    const { value, low, high } = scaleRate({ value: 1250, low: 1250 / 1.1, high: 1250 * 1.2 }, vcpu);
    expect(value).toBeCloseTo(1000, 9);
    expect(Math.log(1000 / low)).toBeCloseTo(Math.sqrt(Math.log(1.1) ** 2 + Math.log(1.3) ** 2), 9);
    expect(Math.log(high / 1000)).toBeCloseTo(Math.sqrt(Math.log(1.2) ** 2 + Math.log(1.4) ** 2), 9);
  });

  test('keeps a low end of 0', () => {
    expect(scaleRate({ value: 10, low: 0, high: 20 }, vcpu).low).toBe(0);
  });

  test('is told with its interval to three digits', () => {
    const load = { value: 1312.7, low: 931.4, high: 1834 };
    expect(textOf({ code: 'summary-fits-up-to', perS: 1312.7, ...load, onEc2: true })).toBe(
      'fits up to 1,310/s on EC2 (931 to 1,830)',
    );
  });
});
