import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram, recordUs } from '../../model/histogram.ts';
import type { HostLine, LoadLine } from '../../model/second.ts';
import { createAutostop, parseAutostop } from '../autostop.ts';

function load(ok: number, failed: number, latencyUs?: number): LoadLine {
  const histogram = createHistogram();
  if (latencyUs !== undefined) recordUs(histogram, latencyUs);
  return {
    kind: 'load',
    stage: 0,
    generator: 0,
    at: '2026-01-01T00:00:00.000Z',
    durationS: 1,
    sent: ok + failed,
    outcomes: { ok, unexpectedStatus: failed, timeout: 0, connectionError: 0 },
    statusCounts: {},
    routes: {},
    ...(latencyUs !== undefined && { latencyUs: encodeHistogram(histogram) }),
    open: 0,
    eventLoopUtilization: 0,
    cpuS: 0,
  };
}

const host = (idle: number): HostLine => ({
  kind: 'host',
  at: '2026-01-01T00:00:00.000Z',
  source: 'local',
  host: 'h',
  intervalS: 1,
  metrics: { 'system.cpu.idle': idle },
});

/** In which of these seconds, from 1, the run is stopped. */
function stoppedAt(rules: string[], lines: (LoadLine | HostLine)[]): number | undefined {
  const autostop = createAutostop(rules);
  const index = lines.findIndex((line) => autostop.see(line) !== undefined);
  return index < 0 ? undefined : index + 1;
}

describe('autostop', () => {
  test('fires when the condition has held for its time without a break', () => {
    const bad = load(1, 9);
    expect(stoppedAt(['errors.rate > 50% for 3s'], [bad, bad, load(9, 1), bad, bad, bad])).toBe(6);
    expect(stoppedAt(['errors.rate > 50% for 3s'], [bad, bad, load(9, 1), bad, bad])).toBeUndefined();
  });

  test('watches latency and the CPU of the target, and says which rule fired', () => {
    expect(stoppedAt(['latency.p99 > 1s for 2s'], [load(5, 0, 2_000_000), load(5, 0, 2_000_000)])).toBe(2);
    expect(stoppedAt(['system.cpu.idle.avg < 5% for 2s'], [host(1), load(1, 0), host(2)])).toBe(3);
    const autostop = createAutostop(['throughput < 2/s for 1s', 'errors.rate > 50% for 1s']);
    expect(autostop.see(load(1, 9))).toBe('autostop: errors.rate > 50% for 1s, at 10 requests/s');
  });

  test('a second without a figure neither adds nor ends', () => {
    expect(stoppedAt(['latency.p99 > 1s for 2s'], [load(1, 0, 2_000_000), load(0, 0), load(1, 0, 2_000_000)])).toBe(3);
  });

  test('seconds of several generators are not added up', () => {
    const bad = load(1, 9);
    expect(
      stoppedAt(['errors.rate > 50% for 2s'], [bad, { ...bad, generator: 1 }, { ...bad, generator: 2 }, bad]),
    ).toBe(4);
  });

  test('the time may be written with a space', () => {
    expect(parseAutostop('errors.rate > 50% for 10 s').forS).toBe(10);
  });

  test.each(['errors.rate > 50%', 'for 5s', 'latency.p99 >> 1s for 3s', 'system.cpu.idle.max < 5% for 5s'])(
    '%s is refused',
    (rule) => {
      expect(() => parseAutostop(rule)).toThrow(/not understood|write system\.cpu\.idle\.avg/);
    },
  );
});
