import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findInstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import type { HostLine } from '../../../model/second.ts';
import { findEmulation } from '../../emulation/cgroup-home.ts';
import { folder } from '../../emulation/cgroup-tree.ts';
import { startEmulatedInstance } from '../../emulation/emulated-instance.ts';
import { groupName } from '../../emulation/group-name.ts';
import { coresFor, openMeasuredCores } from '../../emulation/measured-cores.ts';
import { heapLimitMiB } from '../../emulation/start-inside.ts';
import { askedShare, wholeVcpus } from '../../emulation/vcpu-share.ts';
import { startShortener } from '../../target/shortener.ts';

const micro = findInstanceType('t2.micro');
const medium = findInstanceType('t2.medium');
const sessionSecret = 'a-secret-of-thirty-two-characters';

describe('the shape', () => {
  test('a vCPU is a whole core where enough are free, and in any case at the baseline', () => {
    expect(wholeVcpus(micro, 2)).toEqual({ withCredits: 1, atBaseline: 1 });
    expect(wholeVcpus(medium, 2)).toEqual({ withCredits: 0.5, atBaseline: 1 });
    expect(wholeVcpus(medium, 3)).toEqual({ withCredits: 1, atBaseline: 1 });
    const { credits: _, ...fixed } = medium;
    expect(wholeVcpus(fixed, 2)).toEqual({ withCredits: 0.5, atBaseline: 0.5 });
    // The one core of the machine is shared with the generator.
    expect(wholeVcpus(medium, 1)).toEqual({ withCredits: 0.25, atBaseline: 1 });
  });

  test('the share that the user asks for holds in both states, and has to fit', () => {
    expect(askedShare(0.5, [micro, medium], 2)).toEqual({ withCredits: 0.5, atBaseline: 0.5 });
    expect(() => askedShare(0, [micro], 2)).toThrow('--vcpu-share must be more than 0 and at most 1');
    expect(() => askedShare(1, [medium], 1)).toThrow('needs more than the 1 cores of this machine');
  });

  test('the cores are parted where one is left', () => {
    expect(coresFor(1, 2)).toEqual([0]);
    expect(coresFor(0.5, 2)).toEqual([0]);
    expect(coresFor(2, 4)).toEqual([0, 1]);
    expect(coresFor(2, 2)).toBeUndefined();
  });

  test('the heap is limited as V8 would on that machine', () => {
    expect(heapLimitMiB(949)).toBe(474);
    expect(heapLimitMiB(3904)).toBe(1952);
    expect(heapLimitMiB(7930)).toBe(2048);
    expect(heapLimitMiB(15_982)).toBe(4096);
  });
});

const emulation = await findEmulation();
const withKernel = typeof emulation === 'string' && !process.env.CI ? test.skip : test;

describe('an emulated t2.micro', () => {
  withKernel('answers from inside its group, pays with credits, and is gone afterwards', async () => {
    if (typeof emulation === 'string') throw new Error(emulation);
    const dataDir = mkdtempSync(join(tmpdir(), 'emulated-'));
    const measuredCores = await openMeasuredCores(emulation, 0.5, { awake: true, environment: process.env });
    const instance = await startEmulatedInstance({
      cgroups: emulation,
      type: micro,
      share: askedShare(0.5, [micro]),
      isShareAsked: true,
      measuredCores,
      environment: process.env,
      start: (inside) => startShortener({ ...inside, dataDir, sessionSecret }),
    });
    const lines: HostLine[] = [];
    try {
      const answer = await fetch(instance.app.url);
      expect(answer.status).toBe(200);
      const [pid = 0] = instance.app.pids();
      expect(instance.group.pids()).toContain(pid);
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain('--max-old-space-size=474');
      expect(instance.group.use().cpuUs).toBeGreaterThan(0);
      expect(instance.credits()).toBeUndefined();
      expect(instance.startCpuS).toBeGreaterThan(0);
      const samples = new EventEmitter();
      const onSample = (line: HostLine) => {
        lines.push(line);
        samples.emit('sample');
      };
      instance.startCredits({ start: 'launch', creditClock: 1, onSample });
      expect(instance.credits()).toMatchObject({ throttled: false });
      await once(samples, 'sample');
      instance.emptyCredits();
      expect(instance.credits()).toMatchObject({ throttled: true, firstThrottleMs: expect.any(Number) });
      await once(samples, 'sample');
      expect(lines.map(({ metrics }) => Math.round(metrics['aws.ec2.cpucredit_balance'] ?? -1))).toEqual([30, 0]);
      expect(instance.lostLimits()).toEqual([]);
      const quota = join(
        folder(emulation, 'cpu', instance.group.name),
        emulation.version === 1 ? 'cpu.cfs_quota_us' : 'cpu.max',
      );
      writeFileSync(quota, emulation.version === 1 ? '-1' : 'max');
      expect(await instance.limitLost).toMatchObject({ code: 'emulation-limit-lost', file: quota });
      expect(instance.lostLimits()).toHaveLength(1);
    } finally {
      await instance.stop();
      await measuredCores.stop();
      rmSync(dataDir, { recursive: true });
    }
    expect(lines[0]).toMatchObject({
      source: 'emulated',
      metrics: { 'aws.ec2.cpucredit_balance': expect.any(Number) },
    });
    expect(instance.group.entries.some((path) => existsSync(path))).toBe(false);
  });

  withKernel('that does not start leaves no group', async () => {
    if (typeof emulation === 'string') throw new Error(emulation);
    const measuredCores = await openMeasuredCores(emulation, 0.5, { awake: true, environment: process.env });
    const started = startEmulatedInstance({
      cgroups: emulation,
      type: micro,
      share: askedShare(0.5, [micro]),
      isShareAsked: true,
      measuredCores,
      environment: process.env,
      start: (inside) => startShortener({ ...inside, dataDir: '/dev/null/none', sessionSecret }),
    });
    await expect(started).rejects.toThrow('the shortener did not start');
    await measuredCores.stop();
    // Of this process: other tests have groups of their own.
    const parents = emulation.version === 1 ? Object.values(emulation.trees) : [emulation.tree];
    const left = parents.flatMap((path) => readdirSync(path)).filter((name) => name.startsWith(groupName('')));
    expect(left).toEqual([]);
  });
});
