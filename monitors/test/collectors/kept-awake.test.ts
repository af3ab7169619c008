import { expect, test } from '@jest/globals';
import { type KeptAwake, meanOf, splitBusy, withoutAwake } from '../../collectors/kept-awake.ts';
import { cpuPercent } from '../../collectors/proc/proc-stat.ts';
import { systemShare } from '../../collectors/proc/system-share.ts';
import { process } from '../process.ts';

const ticksPerS = 100;
const ticks = (user: number, system: number, idle: number) => ({ user, system, iowait: 0, stolen: 0, idle });

/** On core 0 somebody had 0.3 s of a second, and what keeps it awake the rest; core 1 was idle. */
function read(second: number) {
  const core = ticks(50 * second, 50 * second, 0);
  const other = ticks(0, 0, 100 * second);
  const reading = {
    cpu: { all: ticks(core.user, core.system, other.idle), cores: [core, other] },
    processes: [
      process(5, 1, { ownTicks: 20 * second, systemTicks: 5 * second }),
      process(7, 1, { ownTicks: 68 * second, systemTicks: 60 * second }),
    ],
    else: 'kept',
  };
  // Its group measured 0.7 s, whomever the ticks met.
  const awake: KeptAwake = { use: () => [{ core: 0, pid: 7, cpuUs: 700_000 * second }] };
  return withoutAwake(reading, awake, ticksPerS);
}

test('what keeps a core awake took idle time of that core, and the others share the rest as they used it', () => {
  const [before, after] = [read(1), read(2)];
  const share = systemShare(before.processes, after.processes, new Set([5]));
  expect(share).toBe(0.25);
  const percent = (from: typeof before.cpu.all | undefined, to: typeof from, elapsed: number) =>
    splitBusy(cpuPercent(from ?? ticks(0, 0, 0), to ?? ticks(0, 0, 0), elapsed), share);
  const core = percent(before.cpu.cores[0], after.cpu.cores[0], 100);
  expect(core.idle).toBeCloseTo(70, 9);
  expect(core.user).toBeCloseTo(22.5, 9);
  expect(core.system).toBeCloseTo(7.5, 9);
  // The kernel counts it only while a core is idle.
  expect(core).not.toHaveProperty('iowait');
  const other = cpuPercent(before.cpu.cores[1] ?? ticks(0, 0, 0), after.cpu.cores[1] ?? ticks(0, 0, 0), 100);
  const all = meanOf([core, other]);
  expect(all.idle).toBeCloseTo(85, 9);
  expect(all.user).toBeCloseTo(11.25, 9);
  expect(all).not.toHaveProperty('iowait');
  expect(after.cpu.cores[1]).toEqual(ticks(0, 0, 200));
  expect(after.else).toBe('kept');
});

test('where nobody used anything the ticks decide', () => {
  const idle = [process(5)];
  expect(systemShare(idle, idle, new Set())).toBeUndefined();
  // Another process under the same number has used nothing of this time.
  expect(systemShare(idle, [process(5, 1, { startedAtTicks: 9, ownTicks: 50 })], new Set())).toBeUndefined();
  expect(splitBusy({ user: 3, system: 4, idle: 93 }, undefined)).toEqual({ user: 3, system: 4, idle: 93 });
  // What is not known stays so.
  expect(splitBusy({}, 0.4)).toEqual({});
  expect(meanOf([{}, { idle: 5 }])).toEqual({});
  expect(meanOf([])).toEqual({});
});

test('without such processes a reading stays as it is', () => {
  const reading = { cpu: { all: ticks(1, 2, 3), cores: [ticks(1, 2, 3)] }, processes: [] };
  expect(withoutAwake(reading, undefined, ticksPerS)).toEqual(reading);
});
