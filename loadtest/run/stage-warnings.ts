// What of one stage's load a reader should know, though it does not void the run.
import type { Finding } from '../../model/finding.ts';
import { latencyOf } from '../../model/latency/latency.ts';
import type { LoadLine } from '../../model/second.ts';
import { firstSeconds } from '../../model/stage/generator-figures.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { loadFinding } from '../messages.ts';

/** A first second whose requests leave later than this (p99), and this many times as late as those of the others, is a warning. */
const lateFirstSecondMs = 5;
const timesLater = 2;

/** From a stage's record and its seconds. */
export function warningsOf(stage: StageRecord, seconds: readonly LoadLine[]): Finding[] {
  const { EADDRNOTAVAIL: _, ...errors } = stage.errors;
  return [
    ...(Object.keys(errors).length > 0 ? [loadFinding('connections-failed', { stage: stage.name, errors })] : []),
    ...firstSecondLate(stage, seconds),
    ...(stage.steady?.steady === false ? [loadFinding('stage-not-steady', { stage: stage.name })] : []),
  ];
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
