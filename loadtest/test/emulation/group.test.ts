import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findEmulation } from '../../emulation/cgroup-home.ts';
import type { Cgroups } from '../../emulation/cgroup-tree.ts';
import { cpuQuota } from '../../emulation/cpu-quota.ts';
import { createGroup, removeStaleGroups } from '../../emulation/group.ts';
import { groupName } from '../../emulation/group-name.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, text: string) => writeFileSync(join(root, path), text);
const get = (path: string) => readFileSync(join(root, path), 'utf8');

/** A directory that stands in for a v2 tree of the kernel: files appear when they are written. */
function v2(offered = 'cpuset cpu io memory pids'): Cgroups {
  put('cgroup.controllers', `${offered}\n`);
  put('cgroup.subtree_control', 'cpu\n');
  return { version: 2, tree: root };
}

function v1(): Cgroups {
  for (const each of ['cpu', 'cpuacct', 'memory', 'cpuset']) mkdirSync(join(root, each));
  put('cpuset/cpuset.cpus', '0-3\n');
  put('cpuset/cpuset.mems', '0\n');
  const at = (each: string) => join(root, each);
  return { version: 1, trees: { cpu: at('cpu'), cpuacct: at('cpuacct'), memory: at('memory'), cpuset: at('cpuset') } };
}

describe('a quota', () => {
  test.each([
    [0.5, 50_000, 100_000],
    [0.1, 10_000, 100_000],
    [0.05, 5000, 100_000],
    [2, 200_000, 100_000],
    [0.005, 1000, 200_000],
    [0.0001, 1000, 1_000_000],
  ])('of %d cores is %d of %d us', (cores, quotaUs, periodUs) => {
    expect(cpuQuota(cores)).toEqual({ quotaUs, periodUs });
  });
});

describe('a group in v2', () => {
  test('switches its controllers on and writes its limits', () => {
    const group = createGroup(v2(), 'headroom-test', {
      cpuCores: 0.5,
      memoryBytes: 1e9,
      cores: [0, 1],
      first: true,
    });
    expect(get('cgroup.subtree_control')).toBe('+memory +cpuset');
    expect(get('headroom-test/cpu.max')).toBe('50000 100000');
    expect(get('headroom-test/cpu.weight')).toBe('10000');
    expect(get('headroom-test/memory.max')).toBe('1000000000');
    expect(get('headroom-test/cpuset.cpus')).toBe('0,1');
    expect(group.entries).toEqual([join(root, 'headroom-test/cgroup.procs')]);
    group.setCpu(undefined);
    expect(get('headroom-test/cpu.max')).toBe('max');
  });

  test('reads what it used and held', () => {
    const group = createGroup(v2(), 'headroom-test', {});
    put('headroom-test/cpu.stat', 'usage_usec 1234\nuser_usec 1000\nnr_throttled 3\nthrottled_usec 55\n');
    put('headroom-test/memory.peak', '4096\n');
    put('headroom-test/memory.events', 'low 0\noom 2\noom_kill 1\n');
    expect(group.use()).toEqual({ cpuUs: 1234, throttledUs: 55 });
    expect(group.memory()).toEqual({ peakBytes: 4096, oomKills: 1 });
  });

  test('that goes last has the fewest shares where the kernel knows no idle group', () => {
    const group = createGroup(v2(), 'headroom-test', { cores: [1] });
    group.goLast(true);
    expect(get('headroom-test/cpu.weight')).toBe('1');
    group.goLast(false);
    expect(get('headroom-test/cpu.weight')).toBe('100');
    expect(existsSync(join(root, 'headroom-test/cpu.idle'))).toBe(false);
  });

  test('that goes last is idle where the kernel knows that', () => {
    const group = createGroup(v2(), 'headroom-test', {});
    put('headroom-test/cpu.idle', '0');
    group.goLast(true);
    expect(get('headroom-test/cpu.idle')).toBe('1');
    expect(existsSync(join(root, 'headroom-test/cpu.weight'))).toBe(false);
    group.goLast(false);
    expect(get('headroom-test/cpu.idle')).toBe('0');
  });

  test('leaves nothing behind when the kernel refuses', () => {
    const cgroups = v2();
    rmSync(join(root, 'cgroup.subtree_control'));
    mkdirSync(join(root, 'cgroup.subtree_control'));
    expect(() => createGroup(cgroups, 'headroom-test', { cpuCores: 1 })).toThrow('EISDIR');
    expect(existsSync(join(root, 'headroom-test'))).toBe(false);
  });
});

describe('limits that are read back', () => {
  test('hold as the kernel writes them', () => {
    const group = createGroup(v2(), 'headroom-test', { cpuCores: 0.5, memoryBytes: 1e9, cores: [0, 1, 2] });
    put('headroom-test/memory.max', '999997440\n');
    put('headroom-test/cpuset.cpus', '0-2\n');
    put('headroom-test/cpuset.cpus.effective', '0-2\n');
    expect(group.lostLimits()).toEqual([]);
    group.setCpu(undefined);
    put('headroom-test/cpu.max', 'max 4000\n');
    expect(group.lostLimits()).toEqual([]);
  });

  test('are lost when another program changed them', () => {
    const group = createGroup(v2(), 'headroom-test', { cpuCores: 0.5, memoryBytes: 1e9, cores: [0, 1] });
    put('headroom-test/cpu.max', 'max 100000\n');
    put('headroom-test/memory.max', 'max\n');
    put('headroom-test/cpuset.cpus.effective', '1\n');
    const at = (file: string) => join(root, 'headroom-test', file);
    expect(group.lostLimits()).toEqual([
      { file: at('cpuset.cpus.effective'), wanted: '0,1', found: '1' },
      { file: at('memory.max'), wanted: '1000000000', found: 'max' },
      { file: at('cpu.max'), wanted: '50000 100000', found: 'max 100000' },
    ]);
  });

  test('are lost with their group, whose use stays as it was last seen', async () => {
    const group = createGroup(v1(), 'headroom-test', { cpuCores: 0.5 });
    put('cpuacct/headroom-test/cpuacct.usage', '5000000\n');
    put('cpu/headroom-test/cpu.stat', 'throttled_time 7000\n');
    expect(group.use()).toEqual({ cpuUs: 5000, throttledUs: 7 });
    for (const each of ['cpu', 'cpuacct', 'memory', 'cpuset'])
      rmSync(join(root, each, 'headroom-test'), { recursive: true });
    group.setCpu(0.1);
    expect(group.use()).toEqual({ cpuUs: 5000, throttledUs: 7 });
    expect(group.memory()).toEqual({});
    expect(group.lostLimits()).toContainEqual({ file: join(root, 'cpu/headroom-test/cpu.cfs_quota_us'), wanted: '-1' });
    await group.remove();
  });
});

describe('a group in v1', () => {
  test('writes its limits into each tree', () => {
    const group = createGroup(v1(), 'headroom-test', { cpuCores: 0.1, memoryBytes: 1e9 });
    expect(get('cpu/headroom-test/cpu.cfs_period_us')).toBe('100000');
    expect(get('cpu/headroom-test/cpu.cfs_quota_us')).toBe('10000');
    expect(get('memory/headroom-test/memory.limit_in_bytes')).toBe('1000000000');
    expect(get('cpuset/headroom-test/cpuset.cpus')).toBe('0-3');
    expect(get('cpuset/headroom-test/cpuset.mems')).toBe('0');
    expect(group.entries).toHaveLength(4);
  });

  test('that goes last has the fewest shares where the kernel knows no idle group', () => {
    const group = createGroup(v1(), 'headroom-test', {});
    group.goLast(true);
    expect(get('cpu/headroom-test/cpu.shares')).toBe('2');
    group.goLast(false);
    expect(get('cpu/headroom-test/cpu.shares')).toBe('1024');
  });

  test('reads nanoseconds', () => {
    const group = createGroup(v1(), 'headroom-test', {});
    put('cpuacct/headroom-test/cpuacct.usage', '5000000\n');
    put('cpu/headroom-test/cpu.stat', 'nr_periods 3\nnr_throttled 1\nthrottled_time 7000\n');
    put('memory/headroom-test/memory.max_usage_in_bytes', '8192\n');
    put('memory/headroom-test/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n');
    expect(group.use()).toEqual({ cpuUs: 5000, throttledUs: 7 });
    expect(group.memory()).toEqual({ peakBytes: 8192, oomKills: 0 });
  });
});

describe('groups of harnesses that are gone', () => {
  test('are removed; those of living ones and of others stay', async () => {
    const cgroups = v2();
    for (const name of ['headroom-999999-5-t2.micro', 'headroom-1-999-t2.micro', groupName('t2.micro'), 'system.slice'])
      mkdirSync(join(root, name));
    expect([...(await removeStaleGroups(cgroups))].sort()).toEqual([
      'headroom-1-999-t2.micro',
      'headroom-999999-5-t2.micro',
    ]);
    expect(existsSync(join(root, groupName('t2.micro')))).toBe(true);
    expect(existsSync(join(root, 'system.slice'))).toBe(true);
  });

  test('are killed empty first', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const cgroups = v2();
    mkdirSync(join(root, 'headroom-999999-5-t2.micro'));
    const members = join(root, 'headroom-999999-5-t2.micro/cgroup.procs');
    writeFileSync(members, `${child.pid}\n`);
    // The kernel takes an ended process out of the file; here the test does.
    child.once('exit', () => unlinkSync(members));
    await removeStaleGroups(cgroups);
    expect(child.signalCode).toBe('SIGKILL');
  });
});

const emulation = await findEmulation();
const withKernel = typeof emulation === 'string' && !process.env.CI ? test.skip : test;

describe('with this kernel', () => {
  withKernel('a spinning process gets its quota and no more, and is gone with its group', async () => {
    if (typeof emulation === 'string') throw new Error(emulation);
    const group = createGroup(emulation, groupName('spin'), { cpuCores: 0.1, memoryBytes: 64 * 1024 ** 2 });
    const child = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    try {
      for (const entry of group.entries) writeFileSync(entry, String(child.pid));
      expect(group.pids()).toEqual([child.pid]);
      const begin = performance.now();
      const before = group.use();
      // Others may want this core too: it takes as long as it takes.
      while (group.use().cpuUs - before.cpuUs < 250_000) await wait(100);
      const after = group.use();
      expect((after.cpuUs - before.cpuUs) / 1000 / (performance.now() - begin)).toBeLessThan(0.11);
      expect(after.throttledUs).toBeGreaterThan(before.throttledUs);
    } finally {
      await group.remove();
    }
    expect(group.entries.map((path) => existsSync(path))).toEqual(group.entries.map(() => false));
  });
});
