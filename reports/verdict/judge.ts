// run + observed -> what they come to. Pure: the same records always give the same judgement.
import type { Alarms } from '../../model/alarms.ts';
import { type Finding, legacyFinding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord, StageRecord, Validity } from '../../model/run-record.ts';
import { evaluateThreshold, parseThreshold, type ThresholdResult } from '../../model/threshold.ts';
import { findCommandEffects } from '../measured/command-effect.ts';
import { describeCreditChange } from '../measured/credit-regime.ts';
import { errorRatePercent, isLeftOut, lookupIn, measure, withoutHistogram } from '../measured/measured.ts';
import { findBoxCosts } from '../measured/program-use.ts';
import { findTargetDeath } from '../measured/target-death.ts';
import { findTrends } from '../measured/trend.ts';
import { describeAgreements } from '../messages/agreement-text.ts';
import type { Busiest, Judged, JudgedStage, Measured } from '../schema/judged.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { Seconds } from '../series/seconds.ts';
import { projectSizing } from '../sizing/record-sizing.ts';
import { describeBusyAtRest, describeCompany, describeMissing, findDoubts } from './caveats.ts';
import { writeHeadline } from './headline.ts';
import { describeSilent, drillWarnings, judgeAlarms } from './judge-alarms.ts';
import { judgeCapacity } from './judge-capacity.ts';
import { describeNoSaturation, highestThroughput, judgeSaturation } from './judge-saturation.ts';
import { answerQuestions } from './questions.ts';

/**
 * Everything that a report states as a conclusion. Thresholds are judged over the measured stages together (see `measure`); latency
 * in microseconds, rates in percent and per second. A monitor that had to fire in a drill and stayed silent is `fail` (exit code 3), and so is a failed threshold even in an aborted run, unless
 * the run is invalid, the target died or nothing was answered; an invalid run, one that did not come to its end, one in which nothing was measured, or a threshold without data
 * is `no-verdict` (4). Trends need the seconds. `compared`: the sizing that several runs came to, instead of this run's own. Throws a UserError for a threshold that does not parse.
 */
export function judge(
  run: RunRecord,
  observed: Observed | undefined,
  seconds?: Seconds,
  recorded?: Alarms,
  compared?: SizingRecord,
): Judged {
  const measured = measure(run);
  const validity = judgeValidity(run, observed, measured);
  const lookup = lookupIn(measured, observed);
  const thresholds = run.thresholds.map((text) => evaluateThreshold(parseThreshold(text), lookup));
  const capacity = judgeCapacity(run, observed);
  const alarms = judgeAlarms(run, recorded);
  const silent = describeSilent(alarms);
  const verdict = judgeVerdict(run, measured, validity, thresholds, silent);
  const highest = highestThroughput(run.stages.filter((stage) => !isLeftOut(run, stage)));
  const busiest = highest && describeStage(highest);
  const saturation = judgeSaturation(run, observed);
  const boxCosts = findBoxCosts(run, observed);
  const commands = findCommandEffects(run, observed);
  const partial = describePartial(run);
  const shared = [
    describeBusyAtRest(run, observed),
    describeCompany(run, observed),
    describeMissing(run, seconds),
  ].filter((each) => each !== undefined);
  const trends = seconds ? findTrends(run, seconds) : [];
  const sizing = compared ?? projectSizing(run, observed, trends);
  const findings = {
    run,
    observed,
    measured,
    boxCosts,
    commands,
    ...(sizing && { sizing }),
    ...(busiest && { busiest }),
    ...(saturation && { saturation }),
    ...(capacity && { capacity }),
  };
  return {
    run: run.id,
    verdict,
    exitCode: verdict === 'pass' ? 0 : verdict === 'fail' ? 3 : 4,
    headline: writeHeadline({ ...findings, verdict, validity, thresholds, partial, silent }),
    ...(partial !== undefined && { partial }),
    validity,
    warnings: [...run.warnings, ...[...drillWarnings(recorded), ...shared].map(legacyFinding)],
    doubts: [...findDoubts(run, observed, measured)],
    thresholds,
    measured,
    ...(busiest && { busiest }),
    ...(capacity && { capacity }),
    trends,
    ...(run.recovery && { recovery: run.recovery }),
    commands,
    ...(alarms && { alarms }),
    agreements: describeAgreements(observed),
    ...(saturation ? { saturation } : { noSaturation: describeNoSaturation(run) }),
    questions: [...answerQuestions(findings)],
    ...(sizing && { sizing }),
    boxCosts: [...boxCosts],
    stages: run.stages.map((stage, index) => judgeStage(stage, observed?.stages[index]?.metrics ?? {})),
  };
}

function judgeValidity(run: RunRecord, observed: Observed | undefined, measured: Measured): Validity {
  const changed = describeCreditChange(run, observed);
  const reasons = [...run.validity.reasons, ...(changed === undefined ? [] : [legacyFinding(changed)])];
  if (run.validity.verdict === 'invalid') return { verdict: 'invalid', reasons };
  const missing = describeNothingMeasured(run, measured);
  if (missing !== undefined) return { verdict: 'inconclusive', reasons: [...reasons, missing] };
  return changed === undefined ? run.validity : { verdict: 'inconclusive', reasons };
}

function describeNothingMeasured(run: RunRecord, measured: Measured): Finding | undefined {
  if (measured.requests.completed > 0 || run.capacity) return undefined;
  if (seeksCapacity(run))
    return run.warnings.find(({ code }) => code === 'no-capacity') ?? legacyFinding('No capacity was found');
  return legacyFinding(
    measured.stages === 0 ? 'no stage was measured to its end' : 'no request was answered in a measured stage',
  );
}

function judgeVerdict(
  run: RunRecord,
  measured: Measured,
  validity: Validity,
  thresholds: readonly ThresholdResult[],
  silent: readonly string[],
): Judged['verdict'] {
  // The host's own samples say that it had to fire, however the load was made.
  if (silent.length > 0) return 'fail';
  if (validity.verdict === 'invalid' || findTargetDeath(run) !== undefined) return 'no-verdict';
  if (seeksCapacity(run) ? !run.capacity : measured.requests.completed === 0) return 'no-verdict';
  if (thresholds.some((each) => each.verdict === 'fail')) return 'fail';
  if (run.status !== 'complete') return 'no-verdict';
  return thresholds.some((each) => each.verdict === 'no-data') ? 'no-verdict' : 'pass';
}

function seeksCapacity(run: RunRecord): boolean {
  return run.profile.stages.some((stage) => stage.kind === 'capacity');
}

function describePartial(run: RunRecord): string | undefined {
  const death = findTargetDeath(run);
  if (death !== undefined)
    return `The target died: nothing was answered from the stage "${run.stages[death]?.name}" on`;
  if (run.status === 'complete') return undefined;
  const what = {
    running: 'This run is partial',
    aborted: 'This run was aborted',
    interrupted: 'This run was interrupted',
  }[run.status];
  return `${what}: ${run.statusReason?.text ?? 'no reason was recorded'}`;
}

function judgeStage(stage: StageRecord, host: JudgedStage['host']): JudgedStage {
  const errorRate = errorRatePercent(stage.requests.sent, stage.outcomes);
  const latencyUs = withoutHistogram(stage.latencyUs);
  const rawLatencyUs = withoutHistogram(stage.rawLatencyUs);
  const scheduleLagUs = withoutHistogram(stage.scheduleLagUs);
  return {
    name: stage.name,
    role: stage.role,
    ...(stage.connections !== undefined && { connections: stage.connections }),
    ...(stage.arrivalRatePerS && { arrivalRatePerS: stage.arrivalRatePerS }),
    ...(stage.arrivals && { arrivals: stage.arrivals }),
    ...(stage.maxConnections !== undefined && { maxConnections: stage.maxConnections }),
    durationS: stage.durationS,
    requests: stage.requests,
    outcomes: stage.outcomes,
    statusCounts: stage.statusCounts,
    ...(stage.kind !== 'idle' && stage.durationS > 0 && { throughputPerS: stage.throughputPerS }),
    ...(errorRate !== undefined && { errorRatePercent: errorRate }),
    ...(latencyUs && { latencyUs }),
    ...(rawLatencyUs && { rawLatencyUs }),
    ...(scheduleLagUs && { scheduleLagUs }),
    ...(stage.inFlightMean !== undefined && { inFlightMean: stage.inFlightMean }),
    ...(stage.steady && { steady: stage.steady }),
    ...(stage.aborted !== undefined && { aborted: stage.aborted }),
    host,
  };
}

function describeStage(stage: StageRecord): Busiest {
  const latencyUs = withoutHistogram(stage.latencyUs);
  return {
    stage: stage.name,
    throughputPerS: stage.throughputPerS,
    ...(stage.connections !== undefined && { connections: stage.connections }),
    ...(latencyUs && { latencyUs }),
  };
}
