import { expect, test } from '@jest/globals';
import { textOf } from '../../messages/text-of.ts';
import type { Judged } from '../../schema/judged.ts';
import { findHeadline } from '../../verdict/headline.ts';

const perS = (value: number) => ({ value, low: 0.7 * value, high: 1.4 * value });
const facts = {
  verdict: 'pass' as const,
  validity: { verdict: 'valid' as const, reasons: [] },
  thresholds: [],
  partial: undefined,
  silent: [],
  commands: [],
  instanceType: 't2.micro',
  saturation: { throughputPerS: 17_800, low: 16_900, high: 18_700, connections: 8, limitedBy: 'host-cpu' },
};
const onEc2 = { sustainedPerS: perS(1310), burstPerS: perS(16_300), vcpuOfACore: perS(0.91) };
const sizingOf = (instanceType: string) => ({ types: [{ instanceType, onEc2 }] }) as unknown as Judged['sizing'];
const headlineOf = (sizing: Judged['sizing'], changes: object = {}) =>
  textOf(
    findHeadline({ ...facts, ...changes, ...(sizing && { sizing }) } as unknown as Parameters<typeof findHeadline>[0]),
  );

test('of an emulated type the headline gives what was measured here, and what the type does on EC2', () => {
  expect(headlineOf(sizingOf('t2.micro'))).toContain(
    'Saturates at 17,800 requests/s (16,900 to 18,700) with 8 connections. On EC2 a t2.micro sustains 1,310 requests/s (917 to 1,830) and bursts to 16,300/s (11,400 to 22,800)',
  );
});

test('of another type, or without the speed of the core, it says nothing of EC2', () => {
  expect(headlineOf(sizingOf('t2.medium'))).not.toContain('EC2');
  expect(headlineOf(undefined)).not.toContain('EC2');
});

test('an invalid measurement says what was seen here, and nothing of EC2', () => {
  const validity = { verdict: 'invalid', reasons: [{ code: 'too-few-clean-blocks', text: 'Too few blocks count' }] };
  const text = headlineOf(sizingOf('t2.micro'), { verdict: 'no-verdict', validity });
  expect(text).toContain('The run is invalid: Too few blocks count. Saturates at 17,800 requests/s');
  expect(text).not.toContain('EC2');
});

test('a throughput that is mostly errors is no rate that the target serves', () => {
  const withErrors = (errors: object) =>
    headlineOf(undefined, {
      saturation: undefined,
      busiest: { stage: 'load', throughputPerS: 6300, connections: 10, ...errors },
    });
  expect(withErrors({ errorRatePercent: 99.6 })).toContain(
    'The highest throughput is 6,300 requests/s with 10 connections, of which 99.6 % were errors',
  );
  expect(withErrors({})).not.toContain('errors');
});
