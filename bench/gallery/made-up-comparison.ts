// Several made-up runs: a comparison and a history.
import type { DrawnComparison } from '../../reports/charts/compared.ts';
import type { History, HistoryRun } from '../../reports/comparison/history.ts';
import type { JudgedStage } from '../../reports/schema/judged-stage.ts';
import { findDivergence, type PairedSecond } from '../../reports/series/divergence.ts';
import { ladder } from './made-up-judged.ts';

/** Two runs, the second slower by the factor from the fifteenth second on. */
export function compared(factor: number): DrawnComparison {
  const side = (label: string, times: number): DrawnComparison['baseline'] => ({
    label,
    judged: { stages: ladder(6).stages.map((stage) => slower(stage, times)) },
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
  const divergesAt = findDivergence(seconds);
  return {
    baseline: side('before', 1),
    candidate: side('after', factor),
    stages: ['8 connections', '16 connections'],
    paired: { figure: 'throughput', seconds, ...(divergesAt !== undefined && { divergesAt }) },
  };
}

function slower(stage: JudgedStage, times: number): JudgedStage {
  const { latencyUs, throughputPerS, ...rest } = stage;
  return {
    ...rest,
    ...(throughputPerS !== undefined && { throughputPerS: throughputPerS / times }),
    ...(latencyUs && { latencyUs: { ...latencyUs, p99: latencyUs.p99 * times } }),
  };
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
