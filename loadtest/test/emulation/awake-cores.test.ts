import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { keepAwake } from '../../emulation/awake-cores.ts';
import { findEmulation } from '../../emulation/cgroup-home.ts';
import { createGroup } from '../../emulation/group.ts';
import { groupName } from '../../emulation/group-name.ts';

const emulation = await findEmulation();
const withKernel = typeof emulation === 'string' && !process.env.CI ? test.skip : test;

describe('a core that is kept awake', () => {
  withKernel('is never idle, and a program beside it gets all of its quota', async () => {
    if (typeof emulation === 'string') throw new Error(emulation);
    const awake = await keepAwake(emulation, [0], process.env);
    const group = createGroup(emulation, groupName('quota'), { cpuCores: 0.5, cores: [0], first: true });
    const spinner = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    const taken = () => ({
      idleMs: cpus()[0]?.times.idle ?? 0,
      awakeUs: awake.use()[0]?.cpuUs ?? 0,
      groupUs: group.use().cpuUs,
      atMs: performance.now(),
    });
    try {
      group.enter(spinner.pid ?? 0);
      const first = taken();
      // Others may want this core too: of some second it gets all. A busy loop instead of two threads that take turns left 0.36 of it.
      for (let quota = 0; quota < 0.45; ) {
        const before = taken();
        await wait(1000);
        const after = taken();
        const elapsedMs = after.atMs - before.atMs;
        quota = (after.groupUs - before.groupUs) / 1000 / elapsedMs;
        expect(quota).toBeLessThan(0.56);
        // Its ticks are 10 ms.
        expect((after.idleMs - before.idleMs) / elapsedMs).toBeLessThan(0.05);
      }
      // It comes last: while others use the core it gets nothing of it.
      while (taken().awakeUs <= first.awakeUs) await wait(100);
      expect(awake.problems()).toEqual([]);
    } finally {
      await group.remove();
      await awake.stop();
    }
    expect(existsSync(group.entries[0] as string)).toBe(false);
  });

  withKernel('starts beside a program that uses the core up, and takes nearly nothing from it', async () => {
    if (typeof emulation === 'string') throw new Error(emulation);
    const group = createGroup(emulation, groupName('busy'), { cores: [0] });
    const spinner = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    group.enter(spinner.pid ?? 0);
    try {
      const awake = await keepAwake(emulation, [0], process.env);
      try {
        const taken = () => [awake.use()[0]?.cpuUs ?? 0, group.use().cpuUs] as const;
        // Of the time that they get together: others may want this core too, so of some second it takes nearly nothing.
        const secondOf = async (): Promise<number> => {
          const before = taken();
          while (taken()[1] - before[1] < 1_000_000) await wait(100);
          const after = taken();
          return (after[0] - before[0]) / (after[1] - before[1]);
        };
        const shares = [await secondOf()];
        while (Math.min(...shares) >= 0.1 && shares.length < 10) shares.push(await secondOf());
        // Like anybody else's it would be half of each.
        expect(Math.min(...shares)).toBeLessThan(0.1);
      } finally {
        await awake.stop();
      }
      expect(awake.problems()).toEqual([]);
    } finally {
      await group.remove();
    }
  });

  withKernel('whose process was killed says so', async () => {
    if (typeof emulation === 'string') throw new Error(emulation);
    const awake = await keepAwake(emulation, [0], process.env);
    try {
      process.kill(awake.use()[0]?.pid ?? 0, 'SIGKILL');
      while (awake.problems().length === 0) await wait(20);
      expect(awake.problems()).toEqual([expect.stringContaining('core 0 awake ended (SIGKILL)')]);
    } finally {
      await awake.stop();
    }
  });

  withKernel('is left alone when the harness is gone without a word', async () => {
    if (typeof emulation === 'string') throw new Error(emulation);
    const harness: ChildProcess = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=module',
        '--eval',
        `const { findEmulation } = await import('./loadtest/emulation/cgroup-home.ts');
         const { keepAwake } = await import('./loadtest/emulation/awake-cores.ts');
         const awake = await keepAwake(await findEmulation(), [0], process.env);
         process.stdout.write(String(awake.use()[0].pid));
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = await once(harness.stdout as NonNullable<ChildProcess['stdout']>, 'data');
    const pid = Number(said);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    harness.kill('SIGKILL');
    await once(harness, 'exit');
    // At the lowest priority it sees that late while others use the core.
    while (existsSync(`/proc/${pid}`)) await wait(50);
    // The next one removes the empty group.
    await findEmulation();
  });
});
