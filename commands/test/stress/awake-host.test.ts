// What the host's figures say of a core that is kept awake.
import { expect, test } from '@jest/globals';
import { keepAwake } from '../../../loadtest/emulation/awake-cores.ts';
import { findEmulation } from '../../../loadtest/emulation/cgroup-home.ts';
import type { HostLine } from '../../../model/second.ts';
import { startLocalSource } from '../../../monitors/collectors/local.ts';

const emulation = await findEmulation();
const withKernel = typeof emulation === 'string' && !process.env.CI ? test.skip : test;

withKernel('a core that is kept awake is idle in the figures, beside a reader that takes it for busy', async () => {
  if (typeof emulation === 'string') throw new Error(emulation);
  const awake = await keepAwake(emulation, [0], process.env);
  // The sources' own timers let the process end.
  const alive = setInterval(() => undefined, 1000);
  try {
    const told: HostLine[] = [];
    const blind: HostLine[] = [];
    const idle = (lines: readonly HostLine[]) => lines.at(-1)?.perCore?.['system.cpu.idle']?.[0] ?? Number.NaN;
    await new Promise<void>((resolve) => {
      const ignorant = startLocalSource({ intervalS: 0.5, onSample: (line) => blind.push(line) });
      const source = startLocalSource({
        intervalS: 0.5,
        awake,
        onSample: (line) => {
          told.push(line);
          // Other programs may want the core for a while.
          if (idle(told) - idle(blind) > 30) void Promise.all([source.stop(), ignorant.stop()]).then(() => resolve());
        },
      });
    });
    const names = (line: HostLine | undefined) => Object.keys(line?.metrics ?? {});
    expect(names(blind[0])).toEqual(expect.arrayContaining(['system.load.1', 'system.cpu.iowait']));
    for (const line of told) {
      expect(names(line).filter((name) => name.startsWith('system.load') || name === 'system.cpu.iowait')).toEqual([]);
      expect(line.metrics['system.cpu.idle']).toBeLessThanOrEqual(100);
    }
  } finally {
    clearInterval(alive);
    await awake.stop();
  }
});
