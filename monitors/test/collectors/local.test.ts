import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { type HostLine, hostLineSchema } from '../../../model/second.ts';
import { startLocalSource } from '../../collectors/local.ts';
import { createOsReader } from '../../collectors/os-reader.ts';
import { hasProc, kernelConstants, readArgs, readProcesses } from '../../collectors/proc/read-proc.ts';

const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(
    children.splice(0).map((child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      return ended;
    }),
  );
});

/** Samples every 0.5 s until `enough` says so. */
async function sampleUntil(enough: (lines: readonly HostLine[]) => boolean, pids: number[] = []) {
  const lines: HostLine[] = [];
  // The source's own timer lets the process end: this one keeps the test alive.
  const alive = setInterval(() => undefined, 1000);
  await new Promise<void>((resolve) => {
    const source = startLocalSource({
      intervalS: 0.5,
      app: { pids: () => pids, eventLoopUtilization: () => 0.25 },
      onSample: (line) => {
        lines.push(hostLineSchema.parse(line));
        if (enough(lines)) void source.stop().then(resolve);
      },
    });
  });
  clearInterval(alive);
  return lines;
}

const onLinux = hasProc ? test : test.skip;

test('a source that is stopped twice takes its last sample once', async () => {
  const lines: HostLine[] = [];
  const source = startLocalSource({ intervalS: 0.01, onSample: (line) => lines.push(line) });
  const wait = () => {
    const until = performance.now() + 20;
    while (performance.now() < until);
  };
  // Busy, so that the timer has no turn.
  wait();
  await source.stop();
  wait();
  await source.stop();
  expect(lines).toHaveLength(1);
});

onLinux('a busy child shows as CPU of the app, of the host, and not of headroom', async () => {
  const busy = spawn(process.execPath, ['-e', 'process.stdout.write("on"); for (;;);']);
  children.push(busy);
  await once(busy.stdout, 'data');
  const lines = await sampleUntil((seen) => seen.length >= 4, [busy.pid ?? 0]);
  const total = (pick: (line: HostLine) => number) =>
    lines.reduce((sum, line) => sum + pick(line) * line.intervalS, 0) /
    lines.reduce((sum, line) => sum + line.intervalS, 0);
  const appCpu = total((line) => line.metrics['app.cpu'] ?? Number.NaN);
  // A full core; on a machine that is busy with other things it gets its share.
  expect(appCpu).toBeGreaterThan(10);
  expect(appCpu).toBeLessThan(110);
  const cores = lines[0]?.perCore?.['system.cpu.user']?.length ?? 0;
  expect(total((line) => line.metrics['system.cpu.user'] ?? Number.NaN)).toBeGreaterThan((0.5 * appCpu) / cores);
  expect(total((line) => line.services?.headroom?.cpuPercent ?? 0)).toBeLessThan(appCpu);
  expect(lines.at(-1)?.services?.headroom?.rssBytes).toBeGreaterThan(10e6);
  expect(lines[0]?.metrics['app.mem.rss']).toBeGreaterThan(10e6);
  expect(lines[0]?.metrics['app.event_loop.utilization']).toBe(25);
});

onLinux('the states of a sample add up to all the time there was', async () => {
  const [line] = await sampleUntil((seen) => seen.length >= 1);
  const sum = ['user', 'system', 'iowait', 'stolen', 'idle'].reduce(
    (total, state) => total + (line?.metrics[`system.cpu.${state}`] ?? Number.NaN),
    0,
  );
  expect(sum).toBeCloseTo(100, 6);
  expect(line?.intervalS).toBeGreaterThanOrEqual(0.25);
  expect(line?.metrics['app.cpu']).toBeUndefined();
});

onLinux('the kernel tells its page and clock sizes', () => {
  const { pageBytes, ticksPerS } = kernelConstants();
  expect(pageBytes % 4096).toBe(0);
  expect([100, 250, 300, 1000, 1024]).toContain(ticksPerS);
});

onLinux('a process that has ended meanwhile is left out, not an error', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  expect(readArgs(child.pid ?? 0).join('')).toBe('');
  expect(readProcesses().map(({ pid }) => pid)).toContain(process.pid);
  expect(readProcesses().map(({ pid }) => pid)).not.toContain(child.pid);
});

test('after stop nothing is sampled', async () => {
  const lines: HostLine[] = [];
  const source = startLocalSource({ onSample: (line) => lines.push(line), intervalS: 60 });
  await source.stop();
  expect(lines).toEqual([]);
});

test('without /proc the figures that the platform does not give are missing', () => {
  const read = createOsReader();
  expect(read(0)).toBeUndefined();
  const until = process.hrtime.bigint() + 50_000_000n;
  while (process.hrtime.bigint() < until);
  const figures = read(0.05);
  expect(Object.keys(figures?.metrics ?? {})).toEqual(
    expect.arrayContaining(['system.cpu.user', 'system.cpu.system', 'system.cpu.idle', 'system.mem.total']),
  );
  expect(figures?.metrics['system.cpu.stolen']).toBeUndefined();
  expect(figures?.metrics['system.cpu.iowait']).toBeUndefined();
  expect(figures?.services).toBeUndefined();
});
