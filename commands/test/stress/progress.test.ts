import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { loadProfile } from '../../../loadtest/profiles/load-profile.ts';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import { plannedS } from '../../../model/profile.ts';
import type { HostLine, LoadLine, StageLine } from '../../../model/second.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { showProgress } from '../../stress/progress.ts';

const at = '2026-01-31T12:00:00.000Z';
const stage: StageLine = { kind: 'stage', stage: 0, name: 'load', stageKind: 'open', role: 'measured', startedAt: at };
const host: HostLine = {
  kind: 'host',
  at,
  source: 'local',
  host: 'box',
  intervalS: 1,
  metrics: { 'system.cpu.idle': 60 },
};

function second(generator: number, ok: number, latencyUs: number): LoadLine {
  const histogram = createHistogram();
  for (let each = 0; each < ok; each++) recordUs(histogram, latencyUs);
  return {
    kind: 'load',
    stage: 0,
    generator,
    at,
    durationS: 1,
    sent: ok,
    outcomes: { ok, unexpectedStatus: 1, timeout: 0, connectionError: 0 },
    statusCounts: {},
    routes: {},
    latencyUs: encodeHistogram(histogram),
    open: 0,
    eventLoopUtilization: 0,
    cpuS: 0,
  };
}

test('the live line is of all generators together, and a sample of the host leaves it there', () => {
  const stream = new PassThrough();
  const { onLine } = showProgress(stream, true, plannedS(loadProfile('load')));
  onLine(stage);
  for (const line of [second(0, 99, 2000), second(1, 199, 50_000), second(0, 5, 1000)]) onLine(line);
  expect(String(stream.read())).toMatch(/load +300\/s {2}p99 50\.0 ms {2}2 errors {2}at most/);
  onLine(host);
  expect(String(stream.read())).toMatch(/load +300\/s {2}p99 50\.0 ms {2}2 errors {2}CPU 40 % {2}at most/);
  onLine({ ...stage, stage: 1, name: 'recovery' });
  onLine(host);
  expect(String(stream.read())).not.toContain('/s');
});

test('the CPU beside an emulated instance is that of the instance', () => {
  const stream = new PassThrough();
  const { onLine } = showProgress(stream, true, 60);
  onLine(stage);
  onLine({ ...host, source: 'emulated', metrics: { 'aws.ec2.cpuutilization': 12 } });
  expect(String(stream.read())).toContain('CPU 12 %');
  onLine(host);
  expect(String(stream.read())).toContain('CPU 12 %');
});

test('what a stage is called draws nothing on the terminal', () => {
  const stream = new PassThrough();
  const progress = showProgress(stream, true, 60);
  progress.onLine({ ...stage, name: 'a\u001b[2Jb\u0000\nc' });
  progress.onLine(host);
  progress.end();
  const said = String(stream.read()).replaceAll('\r\u001b[2K', '');
  expect(said).toMatch(/^ab c/);
  expect([...said].filter((letter) => letter < ' ')).toEqual([]);
});
