import { expect, test } from '@jest/globals';
import { type KeptAwake, withoutAwake } from '../kept-awake.ts';
import { cpuPercent } from '../proc-stat.ts';
import { process } from './process.ts';

const ticksPerS = 100;
const ticks = (user: number, system: number, idle: number) => ({ user, system, iowait: 0, stolen: 0, idle });

/** On core 0 somebody had 0.3 s of a second, and what keeps it awake the rest; core 1 was idle. */
function read(second: number) {
  const own = process(7, 1, { ownTicks: 68 * second, systemTicks: 50 * second });
  const core = ticks(18 * second + 30 * second, 50 * second, 0);
  const other = ticks(0, 0, 100 * second);
  const reading = {
    cpu: { all: ticks(core.user, core.system, other.idle), cores: [core, other] },
    processes: [process(5), own],
    else: 'kept',
  };
  // Its group measured 0.7 s where the ticks met it 68 times.
  const awake: KeptAwake = { use: () => [{ core: 0, pid: 7, cpuUs: 700_000 * second }], loads: () => [0, 0, 0] };
  return withoutAwake(reading, awake, ticksPerS);
}

test('what keeps a core awake took idle time of that core', () => {
  const [before, after] = [read(1), read(2)];
  const core = cpuPercent(before.cpu.cores[0] ?? ticks(0, 0, 0), after.cpu.cores[0] ?? ticks(0, 0, 0), 100);
  expect(core.idle).toBeCloseTo(70, 9);
  expect(core.user).toBeCloseTo(30, 9);
  expect(core.system).toBeCloseTo(0, 9);
  const all = cpuPercent(before.cpu.all, after.cpu.all, 200);
  expect(all.idle).toBeCloseTo(85, 9);
  expect(all.user).toBeCloseTo(15, 9);
  expect(after.cpu.cores[1]).toEqual(ticks(0, 0, 200));
  expect(after.else).toBe('kept');
});

test('no state goes back where the process was counted more often than the machine', () => {
  const reading = (user: number, ownTicks: number) => ({
    cpu: { all: ticks(user, 0, 0), cores: [ticks(user, 0, 0)] },
    processes: [process(7, 1, { ownTicks })],
  });
  const awake: KeptAwake = { use: () => [{ core: 0, pid: 7, cpuUs: 0 }], loads: () => [0, 0, 0] };
  const before = withoutAwake(reading(100, 60), awake, ticksPerS);
  const after = withoutAwake(reading(150, 115), awake, ticksPerS, before);
  expect([before, after].map(({ cpu }) => cpu.cores[0]?.user)).toEqual([40, 40]);
  expect(withoutAwake(reading(200, 120), awake, ticksPerS, after).cpu.all.user).toBe(80);
});

test('without such processes a reading stays as it is', () => {
  const reading = { cpu: { all: ticks(1, 2, 3), cores: [ticks(1, 2, 3)] }, processes: [] };
  expect(withoutAwake(reading, undefined, ticksPerS)).toEqual(reading);
});
