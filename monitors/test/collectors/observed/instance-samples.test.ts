import { expect, test } from '@jest/globals';
import type { RunRecord } from '../../../../model/run-record.ts';
import type { HostLine } from '../../../../model/second.ts';
import { instanceSamples } from '../../../collectors/observed/instance-samples.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const block = (second: number) => ({ startedAt: at(second), durationS: 2, throughputPerS: 1, clean: true });
const emulated = {
  target: { instanceType: 't2.micro', vcpuShare: 1 },
  vcpuSpeed: { redisSetUs: {}, core: 1 },
  stages: [{ name: 'saturation', startedAt: at(0), finishedAt: at(9), blocks: [block(0), block(6)] }],
} as unknown as RunRecord;
const sample = (source: string, second: number, metrics: HostLine['metrics']): HostLine => ({
  kind: 'host',
  at: at(second),
  source,
  host: 'h',
  intervalS: 1,
  metrics,
  ...(source === 'local' && { perCore: { 'system.cpu.user': [5, 60], 'system.cpu.system': [5, 20] } }),
});
const samples = [1, 2, 4, 7, 8].flatMap((second) => [
  sample('emulated', second, { 'aws.ec2.cpuutilization': second === 4 ? 0 : 96, 'system.cpu.stolen': 1 }),
  sample('local', second, { 'system.cpu.user': 30, 'system.load.norm.1': 9, 'app.mem.rss': 100 * 1024 ** 2 }),
]);

test('an emulated instance has its own CPU, and the time in which another one was visited is left out', () => {
  const found = instanceSamples(emulated, samples, new Map()) ?? [];
  const cpu = found.filter(({ source }) => source === 'emulated');
  expect(cpu.map((line) => line.at)).toEqual([1, 2, 7, 8].map(at));
  for (const { metrics } of cpu)
    expect(metrics).toMatchObject({ 'system.cpu.user': 72, 'system.cpu.system': 24, 'system.cpu.idle': 3 });
});

test('its memory is that of its guest, less the app and a bare system; nothing of the machine around it is left', () => {
  const app = (instanceSamples(emulated, samples, new Map()) ?? []).find(({ source }) => source === 'local');
  expect(app?.metrics['system.mem.pct_usable']).toBeCloseTo(1 - 280 / 949, 2);
  expect(Object.keys(app?.metrics ?? {}).filter((metric) => /cpu|load/.test(metric))).toEqual([]);
});

test('a run on a host of its own has no other samples', () => {
  const run = { ...emulated, target: { instanceType: 't2.micro' } } as unknown as RunRecord;
  expect(instanceSamples(run, samples, new Map())).toBeUndefined();
});
