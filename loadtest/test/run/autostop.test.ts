import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import type { HostLine, LoadLine } from '../../../model/second.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { createAutostop, parseAutostop } from '../../run/autostop.ts';

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
    expect(autostop.see(load(1, 9))).toEqual({ rule: 'errors.rate > 50% for 1s', ratePerS: 10 });
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

  test('throughput and counts are those of all generators together', () => {
    const second = (ok: number, failed = 0) =>
      [0, 1, 2, 3].map((generator): LoadLine => ({ ...load(ok, failed), generator }));
    const rounds = (...of: LoadLine[][]) => of.flat();
    expect(
      stoppedAt(['throughput < 100/s for 2s'], rounds(second(75), second(75), second(75), second(75))),
    ).toBeUndefined();
    expect(stoppedAt(['throughput < 100/s for 2s'], rounds(second(75), second(20), second(20), second(20)))).toBe(12);
    expect(stoppedAt(['errors.count >= 8 for 2s'], rounds(second(9, 2), second(9, 2)))).toBe(8);
    expect(stoppedAt(['errors.count >= 8 for 2s'], rounds(second(9, 1), second(9, 1)))).toBeUndefined();
  });

  test('a second that lacks a generator is not taken for a fall of throughput, nor is another stage', () => {
    const of = (generator: number, stage = 0): LoadLine => ({ ...load(75, 0), generator, stage });
    const uneven = [of(0), of(1), of(0), of(0), of(1), of(0), of(1)];
    expect(stoppedAt(['throughput < 100/s for 1s'], uneven)).toBeUndefined();
    expect(stoppedAt(['throughput < 100/s for 1s'], [of(0), of(1), of(0, 1), of(0, 1)])).toBe(4);
  });

  test('watches what was dropped', () => {
    const late: LoadLine = { ...load(6, 0), intended: 10, dropped: 4 };
    expect(stoppedAt(['dropped.rate > 30% for 2s'], [late, load(9, 0), late, late])).toBe(4);
    expect(stoppedAt(['dropped.count >= 4 for 2s'], [late, late, late])).toBe(2);
  });

  test('half a second or less is no reason to end a run whose condition is false', () => {
    expect(stoppedAt(['errors.rate > 50% for 0.5s'], [load(10, 0), load(10, 0), load(0, 1)])).toBe(3);
    expect(stoppedAt(['system.cpu.idle.avg < 5% for 0s'], [host(50)])).toBeUndefined();
  });

  test('one source of the host does not end what another sees', () => {
    const guest: HostLine = { ...host(1), source: 'emulated instance' };
    expect(stoppedAt(['system.cpu.idle.avg < 5% for 2s'], [guest, host(90), guest, host(90)])).toBe(3);
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
