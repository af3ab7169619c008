import { expect, test } from '@jest/globals';
import { textOf } from '../../messages/text-of.ts';
import { rateOnEc2, ratesOnEc2 } from '../../sizing/on-ec2.ts';

const vcpu = { value: 0.8, low: 0.8 / 1.3, high: 0.8 * 1.4 };

test('a rate on EC2 is that of a whole core times the share, with both intervals in quadrature', () => {
  const { value, low, high } = rateOnEc2({ value: 1250, low: 1250 / 1.1, high: 1250 * 1.2 }, vcpu);
  expect(value).toBeCloseTo(1000, 9);
  expect(Math.log(1000 / low)).toBeCloseTo(Math.sqrt(Math.log(1.1) ** 2 + Math.log(1.3) ** 2), 9);
  expect(Math.log(high / 1000)).toBeCloseTo(Math.sqrt(Math.log(1.2) ** 2 + Math.log(1.4) ** 2), 9);
});

test('a low end of 0 stays 0', () => {
  expect(rateOnEc2({ value: 10, low: 0, high: 20 }, vcpu).low).toBe(0);
});

test('without the speed of the core, or without a rate, there are no rates on EC2', () => {
  expect(ratesOnEc2({ burstPerS: { value: 1, low: 1, high: 1 } }, undefined)).toBeUndefined();
  expect(ratesOnEc2({}, vcpu)).toBeUndefined();
});

test('the rates on EC2 are told with their intervals and the share of a core', () => {
  const onEc2 = {
    sustainedPerS: { value: 1000, low: 800, high: 1250 },
    vcpuOfACore: { value: 0.8, low: 0.64, high: 1 },
  };
  expect(textOf({ code: 'on-ec2', ...onEc2 })).toBe(
    'on EC2 about 1,000/s (800/s to 1,250/s) sustained; its vCPU is 0.8 of a core here (0.64 to 1)',
  );
});
