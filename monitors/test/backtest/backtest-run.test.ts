import { expect, test } from '@jest/globals';
import type { RunRecord } from '../../../model/run-record.ts';
import type { Line } from '../../../model/second.ts';
import { breachesOfRun, seriesOfRun } from '../../backtest/backtest-run.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

test('a run gives the series of the host and of the load', async () => {
  async function* lines(): AsyncGenerator<Line> {
    yield { kind: 'host', at: at(15), source: 'local', host: 'h', intervalS: 15, metrics: { 'system.cpu.user': 7 } };
    yield {
      kind: 'load',
      stage: 0,
      generator: 0,
      at: at(0),
      durationS: 1,
      sent: 3,
      outcomes: { ok: 3, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
      statusCounts: {},
      routes: {},
      open: 0,
      eventLoopUtilization: 0,
      cpuS: 0,
    };
  }
  const series = await seriesOfRun({ target: {} } as RunRecord, lines(), 'i-0abc');
  expect(series.map(({ metric, points }) => [metric, points[0]?.[1]])).toEqual([
    ['system.cpu.user', 7],
    ['headroom.throughput', 3],
    ['headroom.errors', 0],
    ['headroom.in_flight', 0],
  ]);
  expect(series.every(({ tags }) => tags.includes('host:i-0abc'))).toBe(true);
});

test('the breach is the load from saturation on', () => {
  const stage = (name: string, role: string, from: number, to?: number) => ({
    name,
    role,
    startedAt: at(from),
    ...(to !== undefined && { finishedAt: at(to) }),
  });
  const stages = [
    stage('idle', 'idle', 0, 5),
    stage('1', 'measured', 5, 10),
    stage('2', 'measured', 10, 15),
    stage('4', 'measured', 15, 20),
    stage('idle again', 'idle', 20, 25),
    stage('8', 'measured', 25),
  ];
  const run = { stages, saturation: { stage: '2', throughputPerS: 1, connections: 2 } } as unknown as RunRecord;
  expect(breachesOfRun(run)).toEqual([
    { from: at(10), to: at(15) },
    { from: at(15), to: at(20) },
  ]);
  expect(breachesOfRun({ stages } as unknown as RunRecord)).toEqual([]);
});
