// Whether the measurement can be trusted, apart from whether the target passed.
import type { Finding } from '../../model/finding.ts';
import type { Validity } from '../../model/run-record.ts';
import type { LoadLine } from '../../model/second.ts';
import { isOpenBlock, type StageRecord } from '../../model/stage/stage-record.ts';
import { loadFinding } from '../messages.ts';
import {
  clock,
  conservation,
  failing,
  generatorUse,
  lag,
  little,
  lost,
  neverSent,
  offered,
  silent,
  tooFewClean,
} from './load-checks.ts';

/** Above this use of its event loop a closed generator measures itself (docs/autocannon.md, P34). */
const generatorLimit = 0.95;

/** Judges the load side of a run from its stages and the seconds that they were made of. */
export function judgeValidity(
  stages: readonly StageRecord[],
  seconds: readonly LoadLine[],
  died: Finding | undefined,
  shards = 1,
): Validity {
  const judged = stages.flatMap((stage, number) =>
    stage.role === 'measured' || (stage.role === 'probe' && !isOpenBlock(stage)) || stage.role === 'sustained'
      ? [{ stage, seconds: seconds.filter((line) => line.stage === number) }]
      : [],
  );
  const invalid: Finding[] = died === undefined ? [] : [died];
  const inconclusive: Finding[] = [];
  if (judged.every(({ stage }) => stage.outcomes.ok === 0)) {
    inconclusive.push(loadFinding('nothing-ok'));
  }
  for (const stage of stages)
    if (stage.role !== 'idle' && stage.role !== 'warm-up') invalid.push(...conservation(stage));
  for (const each of judged) {
    invalid.push(
      ...neverSent(each.stage),
      ...offered(each.stage, each.seconds, shards),
      ...clock(each.stage, each.seconds),
      ...tooFewClean(each.stage),
    );
    inconclusive.push(...failing(each.stage));
    // The search itself repeats a probe whose generator was late.
    if (each.stage.role !== 'probe')
      invalid.push(...lag(each.stage, each.seconds), ...silent(each.stage, each.seconds));
    // An overloaded probe has no steady state to hold Little's law in.
    if (each.stage.role === 'measured')
      inconclusive.push(...little(each.stage, each.seconds), ...lost(each.stage, each.seconds));
  }
  // A stage that ended in its first second has only begun: its code was not hot yet.
  const closed = judged.filter(({ stage }) => stage.kind === 'closed' && stage.durationS >= 1);
  if (closed.length > 0 && closed.every((each) => generatorUse(each.seconds) > generatorLimit)) {
    inconclusive.push(loadFinding('generator-saturated'));
  }
  if (invalid.length > 0) return { verdict: 'invalid', reasons: [...invalid, ...inconclusive] };
  if (inconclusive.length > 0) return { verdict: 'inconclusive', reasons: inconclusive };
  return { verdict: 'valid', reasons: [] };
}

/**
 * Why the latency of a stage beside a command is not that of the target. It answers one question alone, so the run stays valid; the command
 * may take the cores of the generator.
 */
export function judgeBeside(stages: readonly StageRecord[], seconds: readonly LoadLine[]): Finding[] {
  return stages.flatMap((stage, number) => {
    if (stage.role !== 'beside') return [];
    const own = seconds.filter((line) => line.stage === number);
    const [because] = [...neverSent(stage), ...offered(stage, own, 1), ...lag(stage, own), ...lost(stage, own)];
    return because ? [loadFinding('beside-not-as-intended', { stage: stage.name, because })] : [];
  });
}

/** A run whose emulated instance lost a limit measured another machine. */
export function judgeLimits(validity: Validity, lost: readonly Finding[]): Validity {
  if (lost.length === 0) return validity;
  const others = validity.reasons.filter(({ code }) => code !== 'emulation-limit-lost');
  return { verdict: 'invalid', reasons: [...lost, ...others] };
}
