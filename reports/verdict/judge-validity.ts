// Whether the measurement can be trusted and is complete, and the verdict that follows.
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord, Validity } from '../../model/run-record.ts';
import type { ThresholdResult } from '../../model/threshold.ts';
import { findBusyBesideBlocks } from '../measured/busy-at-rest.ts';
import { findFailedCommand } from '../measured/command-effect.ts';
import { findCreditChange } from '../measured/credit-regime.ts';
import { findTargetDeath } from '../measured/target-death.ts';
import type { Judged, Measured } from '../schema/judged.ts';
import { found } from '../schema/verdict-findings.ts';

/** The run's own validity; invalid beside busy neighbours of its blocks, and inconclusive when nothing was measured or the CPU credits changed meanwhile. */
export function judgeValidity(run: RunRecord, observed: Observed | undefined, measured: Measured): Validity {
  const own = run.validity.reasons;
  const changed = findCreditChange(run, observed);
  const failed = findFailedCommand(run);
  const busy = findBusyBesideBlocks(run, observed);
  const isInvalid = run.validity.verdict === 'invalid' || busy !== undefined;
  const nothing = isInvalid ? undefined : findNothingMeasured(run, measured);
  const added = [changed, nothing, failed, busy].filter((each) => each !== undefined);
  if (added.length === 0) return run.validity;
  return { verdict: isInvalid ? 'invalid' : 'inconclusive', reasons: [...own, ...added] };
}

function findNothingMeasured(run: RunRecord, measured: Measured): Finding | undefined {
  if (measured.requests.completed > 0 || run.capacity) return undefined;
  if (seeksCapacity(run))
    return run.warnings.find(({ code }) => code === 'no-capacity') ?? found('no-capacity-found', {});
  return measured.stages === 0 ? found('no-stage-completed', {}) : found('no-request-answered', {});
}

/** Why the run did not complete; undefined when it did. */
export function findPartial(run: RunRecord): Finding | undefined {
  const death = run.stages[findTargetDeath(run) ?? -1];
  if (death) return found('target-died', { stage: death.name });
  if (run.status === 'complete') return undefined;
  return found('run-cut-off', { status: run.status, ...(run.statusReason && { reason: run.statusReason }) });
}

/** See `judge`. A silent monitor fails the run however the load was made: the host's own samples exceeded its threshold. */
export function judgeVerdict(
  run: RunRecord,
  measured: Measured,
  validity: Validity,
  thresholds: readonly ThresholdResult[],
  silent: readonly Finding[],
): Judged['verdict'] {
  if (silent.length > 0 || run.outOfMemory) return 'fail';
  if (validity.verdict === 'invalid' || findTargetDeath(run) !== undefined) return 'no-verdict';
  if (seeksCapacity(run) ? !run.capacity : measured.requests.completed === 0) return 'no-verdict';
  if (thresholds.some((each) => each.verdict === 'fail')) return 'fail';
  if (run.status !== 'complete' || findFailedCommand(run) || isDoubtful(validity)) return 'no-verdict';
  return thresholds.some((each) => each.verdict === 'no-data') ? 'no-verdict' : 'pass';
}

/** Thresholds that hold would hold with a faster generator too. `legacy` is the text of earlier versions, on which nothing is decided. */
const harmless = new Set(['generator-saturated', 'legacy']);

function isDoubtful({ verdict, reasons }: Validity): boolean {
  return verdict === 'inconclusive' && reasons.some(({ code }) => !harmless.has(code));
}

function seeksCapacity(run: RunRecord): boolean {
  return run.profile.stages.some((stage) => stage.kind === 'capacity');
}
