// What of one stage's load a reader should know, though it does not void the run.
import type { Finding } from '../../model/finding.ts';
import { latencyOf } from '../../model/latency/latency.ts';
import type { LoadLine } from '../../model/second.ts';
import { firstSeconds } from '../../model/stage/generator-figures.ts';
import { isOpenBlock, type StageRecord } from '../../model/stage/stage-record.ts';
import { loadFinding } from '../messages.ts';
import { isLate, lateShare } from './load-checks.ts';

/** A first second whose requests leave later than this (p99), and this many times as late as those of the others, is a warning. */
const lateFirstSecondMs = 5;
const timesLater = 2;

/** So many kinds of failures of walks are described; the record has all of them. */
const mostFailures = 3;

/** From a stage's record and its seconds. */
export function warningsOf(stage: StageRecord, seconds: readonly LoadLine[]): Finding[] {
  if (isOpenBlock(stage)) return [];
  // Of this machine, not of the target: they make the run invalid.
  const { EADDRNOTAVAIL: _, EMFILE: __, ENFILE: ___, ENOBUFS: ____, ...errors } = stage.errors;
  const { intended, late = 0, repeated = 0 } = stage.requests;
  const { unopened = 0, unasked = 0 } = stage.keepAlive ?? {};
  return [
    ...(Object.keys(errors).length > 0 ? [loadFinding('connections-failed', { stage: stage.name, errors })] : []),
    ...(repeated > 0 ? [loadFinding('requests-repeated', { stage: stage.name, repeated })] : []),
    // More of them make the run invalid, and a probe is then sent again.
    ...(late > 0 && late <= lateShare * intended && stage.role !== 'probe'
      ? [loadFinding('requests-late', { stage: stage.name, late })]
      : []),
    ...(unasked > 0 && stage.role !== 'probe'
      ? [loadFinding('data-unasked', { stage: stage.name, connections: unasked })]
      : []),
    // Those of a target that speaks first were open, and were closed again.
    ...(unopened > 0 && unasked === 0 && stage.role !== 'probe'
      ? [loadFinding('connections-not-open', { stage: stage.name, unopened })]
      : []),
    ...walksFailed(stage),
    ...firstSecondLate(stage, seconds),
    ...tailLate(stage),
    ...(stage.steady?.steady === false ? [loadFinding('stage-not-steady', { stage: stage.name })] : []),
  ];
}

/** Each kind of failure of the most frequent ones. */
function walksFailed({ name, walks }: StageRecord): Finding[] {
  const { begun = 0, failed = [] } = walks ?? {};
  return failed
    .slice(0, mostFailures)
    .map((failure) => loadFinding('walks-failed', { stage: name, begun, ...failure }));
}

/** A first second that is cut off is in no percentile. */
function firstSecondLate({ name, steady, firstSecondLagUs }: StageRecord, seconds: readonly LoadLine[]): Finding[] {
  if ((steady?.cutS ?? 0) >= 1) return [];
  const first = new Set(firstSeconds(seconds));
  const laterLagUs = latencyOf(seconds.filter((line) => !first.has(line)).map((line) => line.lagUs));
  const [firstMs, laterMs] = [firstSecondLagUs, laterLagUs].map((lag) => (lag?.p99 ?? 0) / 1000) as [number, number];
  if (firstMs <= lateFirstSecondMs || firstMs <= timesLater * laterMs) return [];
  return [loadFinding('first-second-late', { stage: name, firstMs, ...(laterLagUs && { laterMs }) })];
}

/** Validity is judged by p99: beyond it, pauses of the generator may be what is seen. */
function tailLate({ name, role, scheduleLagUs, latencyUs, pauses }: StageRecord): Finding[] {
  if (!scheduleLagUs || !latencyUs || (role !== 'measured' && role !== 'sustained')) return [];
  if (!isLate(scheduleLagUs.p999, latencyUs.p999) || isLate(scheduleLagUs.p99, latencyUs.p99)) return [];
  const { stalledS = 0, pausedS = 0 } = pauses ?? {};
  const figures = { lagMs: scheduleLagUs.p999 / 1000, stalledMs: stalledS * 1000, pausedMs: pausedS * 1000 };
  return [loadFinding('tail-late', { stage: name, ...figures })];
}
