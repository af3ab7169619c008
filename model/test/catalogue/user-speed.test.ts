import { expect, test } from '@jest/globals';
import { geometricMean, relativeUserSpeed, userSpeeds, userWorkloads } from '../../catalogue/user-speed.ts';
import transfer from '../../catalogue/vcpu-transfer.json' with { type: 'json' };

const on = (fixedWorkMs: number, node = '20.20.2') => ({ fixedWorkMs, node });

test('a mean leaves out what waits for other threads, and counts by vCPU where all are busy', () => {
  const large = userSpeeds.find(({ type }) => type === 't2.large');
  if (!large) throw new Error('t2.large has no scores');
  expect(userWorkloads[2]).toBe('HTML5 Browser');
  expect(geometricMean(large, 'single')).toBeCloseTo((1005 * 952 * 1027 * 1047) ** (1 / 4), 6);
  expect(geometricMean(large, 'all')).toBeCloseTo((1948 * 1997 * 2015 * 2038) ** (1 / 4) / 2, 6);
});

test('a vCPU of T2 beside the core of c8i, on which the computation takes 180 ms', () => {
  const c8i = (2129 * 2105 * 2247 * 2104) ** (1 / 4);
  const medium = (1879 * 1879 * 1952 * 2007) ** (1 / 4) / 2;
  const large = (1948 * 1997 * 2015 * 2038) ** (1 / 4) / 2;
  const speed = relativeUserSpeed(on(180), 't2.micro');
  expect(speed?.ratio).toBeCloseTo((medium + large) / 2 / c8i, 9);
  // Two steps by one workload each, and 5 % between two runs.
  const half = Math.hypot(Math.log(transfer.userWork.high), Math.log(transfer.userWork.high), 0.05);
  expect((speed?.high ?? 0) / (speed?.ratio ?? 1)).toBeCloseTo(Math.exp(half), 9);
});

test('a slower core makes the vCPU more of it, in proportion', () => {
  const [fast, slow] = [180, 270].map((ms) => relativeUserSpeed(on(ms), 't3.micro')?.ratio ?? 0);
  expect((slow as number) / (fast as number)).toBeCloseTo(1.5, 9);
});

test('a type without scores has those of its processor, and one of neither has none', () => {
  expect(relativeUserSpeed(on(180), 'r6a.large')?.ratio).toBe(relativeUserSpeed(on(180), 'c6a.large')?.ratio);
  expect(relativeUserSpeed(on(180), 'B1s')).toBeUndefined();
});

test('newer versions of Node do the fixed computation faster on the same core', () => {
  const ratio = (fixedWorkMs: number, node?: string) => relativeUserSpeed({ fixedWorkMs, node }, 't2.micro')?.ratio;
  expect(ratio(118, '24.22.3')).toBe(ratio(180, '20.20.2'));
  // Of the newest that was measured, and not newer.
  expect(ratio(150, '23.1.0')).toBe(ratio(150, '22.23.5'));
  expect(ratio(106, '99.0.0')).toBe(ratio(106, '25.9.0'));
  // A record that does not say.
  expect(ratio(180, undefined)).toBe(ratio(180, '20.20.2'));
});
