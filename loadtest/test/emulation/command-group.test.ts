import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findEmulation } from '../../emulation/cgroup-home.ts';
import { trackCommands } from '../../emulation/command-group.ts';
import { createGroup, openGroup } from '../../emulation/group.ts';
import { groupName } from '../../emulation/group-name.ts';
import { runDuring } from '../../run/during.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'command-'));
});
afterEach(() => rmSync(root, { recursive: true }));
const at = (path: string) => join(root, path);

describe('the group of a command', () => {
  test('is in v2 a part of the instance that counts CPU time alone', () => {
    mkdirSync(at('box'));
    const cgroups = { version: 2, tree: root } as const;
    const opened = trackCommands(cgroups, openGroup(cgroups, 'box')).openCommand(true);
    writeFileSync(at('box/command/cpu.stat'), 'usage_usec 2500000\nuser_usec 1\n');
    expect(opened.entries).toEqual([at('box/command/cgroup.procs')]);
    expect(opened.usedS()).toBe(2.5);
    writeFileSync(at('box/memory.events'), 'oom 1\noom_kill 1\n');
    expect(opened.outOfMemory()).toBe(1);
  });

  test('is in v1 one for CPU time and memory; what competes for the CPU is in the group of the app', () => {
    const trees = { cpu: at('cpu'), cpuacct: at('cpuacct'), memory: at('memory'), cpuset: at('cpuset') };
    for (const tree of Object.values(trees)) mkdirSync(join(tree, 'box'), { recursive: true });
    const cgroups = { version: 1, trees } as const;
    const commands = trackCommands(cgroups, openGroup(cgroups, 'box'));
    const opened = commands.openCommand(true);
    expect(opened.entries).toEqual(
      ['cpu/box', 'cpuset/box', 'cpuacct/box/command', 'memory/box/command'].map((path) => at(`${path}/cgroup.procs`)),
    );
    writeFileSync(at('cpuacct/box/command/cpuacct.usage'), '1250000000\n');
    expect(commands.commandsUsedS()).toBe(1.25);
  });

  test('has in v1 the weight of a niced process where CPU time is shared out and counted in one tree', () => {
    const trees = { cpu: at('cpu'), cpuacct: at('cpu'), memory: at('memory'), cpuset: at('cpuset') };
    for (const tree of Object.values(trees)) mkdirSync(join(tree, 'box'), { recursive: true });
    const cgroups = { version: 1, trees } as const;
    const opened = trackCommands(cgroups, openGroup(cgroups, 'box')).openCommand(true);
    expect(readFileSync(at('cpu/box/command/cpu.shares'), 'utf8')).toBe('110');
    expect(opened.entries).toContain(at('cpu/box/command/cgroup.procs'));
    expect(opened.entries).not.toContain(at('cpu/box/cgroup.procs'));
  });
});

const emulation = await findEmulation();
const withKernel = typeof emulation === 'string' && !process.env.CI ? test.skip : test;

withKernel('a command inside an instance is held to its memory, and its CPU time is counted apart', async () => {
  if (typeof emulation === 'string') throw new Error(emulation);
  const instance = createGroup(emulation, groupName('test'), { memoryBytes: 128 * 1024 ** 2 });
  const commands = trackCommands(emulation, instance);
  const run = async (line: string) => {
    const group = commands.openCommand(false);
    const options = { logFile: at('during.log'), environment: process.env, signal: new AbortController().signal };
    return runDuring(line, { ...options, group }).finally(group.close);
  };
  try {
    const spun = await run(`node -e 'while (process.cpuUsage().user < 3e5);'`);
    expect(spun).toMatchObject({ exitCode: 0, cpuS: expect.any(Number) });
    expect(spun).not.toHaveProperty('outOfMemory');
    expect(spun.cpuS).toBeGreaterThanOrEqual(0.3);
    const greedy = await run(`node -e 'Buffer.alloc(400e6, 1)'`);
    expect(greedy).toMatchObject({ signal: 'SIGKILL', outOfMemory: expect.any(Number) });
    expect(commands.commandsUsedS()).toBeCloseTo((spun.cpuS ?? 0) + (greedy.cpuS ?? 0), 1);
    expect(instance.pids()).toEqual([]);
  } finally {
    await instance.remove();
  }
  expect(existsSync(instance.entries[0] as string)).toBe(false);
});
