// What several runs come to that nobody made: a comparison, a history, a sizing; for the gallery.
import type { DrawnComparison, DrawnSide } from '../charts/comparison.ts';
import type { History, HistoryRun } from '../comparison/history.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { findParting, type PairedSecond } from '../series/divergence.ts';
import { judged } from './made-up-run.ts';

/** Two runs, the second slower by the factor from the fifteenth second on. */
export function compared(factor: number): DrawnComparison {
  const side = (label: string, times: number): DrawnSide => ({
    label,
    judged: { stages: judged(6).stages.map((stage) => slower(stage, times)) },
    spread: Array.from({ length: 40 }, (_, step) => [
      200 * 1.12 ** step,
      12 * Math.exp(-(((step - 14 - 6 * Math.log(times)) / 5) ** 2)) + 2 * Math.exp(-(((step - 30) / 3) ** 2)),
    ]),
  });
  const seconds = Array.from({ length: 60 }, (_, second): PairedSecond => {
    const rate = 3000 + 200 * Math.sin(second / 3);
    const candidate = (rate + 60 * Math.cos(second)) / (second < 15 ? 1 : factor);
    return { stage: second < 30 ? '8 connections' : '16 connections', second, baseline: rate, candidate };
  });
  const partsAt = findParting(seconds);
  return {
    baseline: side('before', 1),
    candidate: side('after', factor),
    stages: ['8 connections', '16 connections'],
    paired: { figure: 'throughput', seconds, ...(partsAt !== undefined && { partsAt }) },
  };
}

export function slower(stage: JudgedStage, times: number): JudgedStage {
  const { latencyUs, throughputPerS, ...rest } = stage;
  return {
    ...rest,
    ...(throughputPerS !== undefined && { throughputPerS: throughputPerS / times }),
    ...(latencyUs && { latencyUs: { ...latencyUs, p99: latencyUs.p99 * times } }),
  };
}

/** A week in office hours: one type runs out of credits every day, the other never. */
export function week(): Pick<SizingRecord['types'][number], 'instanceType' | 'day'>[] {
  const type = (instanceType: string, percent: number, most: number) => {
    let balance = 30;
    const day = Array.from({ length: 336 }, (_, half): [number, number, number] => {
      const wanted = percent * Math.max(0.1, Math.sin(((half / 2 - 6) / 12) * Math.PI));
      balance = Math.max(0, Math.min(most, balance + (10 - wanted) * 0.3));
      return [(half + 1) / 2, balance, wanted];
    });
    return { instanceType, day };
  };
  return [type('t2.micro', 36, 144), type('t2.medium', 9, 576)];
}

/** One type of which less than a fifth would be left, one that it does not fit, and one with room. */
export function memory(): Pick<SizingRecord['types'][number], 'instanceType' | 'memory'>[] {
  const neededBytes = 880 * 1024 ** 2;
  return [
    { instanceType: 't2.nano', memory: { neededBytes, guestBytes: 464 * 1024 ** 2 } },
    { instanceType: 't2.micro', memory: { neededBytes, guestBytes: 949 * 1024 ** 2 } },
    { instanceType: 't2.medium', memory: { neededBytes, guestBytes: 3900 * 1024 ** 2 } },
  ];
}

/** Stages along a line with a little noise. */
export function demand(stages: number): NonNullable<SizingRecord['serviceDemand']> {
  const points = Array.from({ length: stages }, (_, index) => {
    const perS = (4000 * (index + 1)) / stages;
    return { stage: `${2 ** index} connections`, perS, vcpus: 0.04 + perS * 0.0002 * (1 + 0.05 * Math.sin(5 * index)) };
  });
  const fit = stages > 1 && { r2: 0.987 };
  const demandMs = { value: 0.2, low: 0.18, high: 0.22 };
  return { of: 'app', demandMs, backgroundVcpus: { value: 0.04, low: 0, high: 0.1 }, ...fit, points };
}

/** Runs of which the later half is slower; one is left out. */
export function history(runs: number): History {
  const all = Array.from({ length: runs }, (_, index): HistoryRun => {
    const p99 = (index < runs / 2 ? 9000 : 13_000) + 500 * Math.sin(3 * index);
    return {
      id: `run ${index + 1}`,
      startedAt: '2026-01-01T00:00:00Z',
      verdict: 'pass',
      validity: 'valid',
      figures: {
        throughput: { value: 3000 + 60 * Math.cos(index), low: 2900, high: 3100 },
        'latency.p99': { value: p99, low: p99 - 900, high: p99 + 900 },
      },
      ...(index === 4 && { leftOut: [{ code: 'made-up', text: 'the run is not complete' }] }),
    };
  });
  const at = Math.ceil(runs / 2);
  const change = { at, before: 9000, after: 13_000, p: 0.0025, metric: 'latency.p99' as const, worse: true };
  const none = { code: 'made-up', text: '' };
  const decision = { code: 'decision' as const, question: none, answer: none, verdict: 'fail' as const, parts: [] };
  return {
    schemaVersion: 2,
    decision,
    runs: all,
    changes: [{ code: 'level-changed', ...change, run: `run ${at + 1}`, id: `run ${at + 1}` }],
    exitCode: 0,
  };
}
