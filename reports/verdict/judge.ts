// run + observed -> the judgement. Pure: the same records always give the same judgement.

import type { Alarms } from '../../model/alarms.ts';
import type { Observed } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { evaluateThreshold, parseThreshold } from '../../model/threshold.ts';
import { findCapacityAtSlo } from '../measured/capacity-at-slo.ts';
import { findCommandEffects } from '../measured/command-effect.ts';
import { isLeftOut, lookupIn, measure } from '../measured/measured.ts';
import { killedOn } from '../measured/out-of-memory.ts';
import { findProgramUse } from '../measured/program-use.ts';
import { findTrends } from '../measured/trend.ts';
import type { Judged } from '../schema/judged.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { Seconds } from '../series/seconds.ts';
import { projectSizing } from '../sizing/record-sizing.ts';
import { findAgreements } from './agreements.ts';
import { findLimit } from './bottleneck.ts';
import { findCaveats, findDisturbances } from './caveats.ts';
import { findHeadline } from './headline.ts';
import { findDrillWarnings, findSilent, judgeAlarms } from './judge-alarms.ts';
import { judgeCapacity } from './judge-capacity.ts';
import { judgeReplay } from './judge-replay.ts';
import { findNoSaturation, highestThroughput, judgeSaturation } from './judge-saturation.ts';
import { describeBusiest, judgeStage } from './judge-stage.ts';
import { findPartial, judgeValidity, judgeVerdict } from './judge-validity.ts';
import { answerQuestions } from './questions.ts';
import { findTypeRisks } from './type-risks.ts';

const exitCodes = { pass: 0, fail: 3, 'no-verdict': 4 } as const;

/**
 * Everything that a report states as a conclusion. Thresholds are judged over the measured stages together (see `measure`); latency in
 * microseconds, rates in percent and per second.
 *
 * `fail`: a monitor that had to fire in a drill stayed silent, the kernel killed the app because the memory of its instance was full, or a threshold
 * failed (in an aborted run, too).
 * `no-verdict`: the run is invalid or did not complete, the target died, nothing was measured, or a threshold has no data.
 *
 * Trends need the seconds. `compared` replaces the run's own sizing by that of several runs. Throws a UserError for a threshold that does
 * not parse.
 */
export function judge(
  run: RunRecord,
  observed: Observed | undefined,
  seconds?: Seconds,
  recorded?: Alarms,
  compared?: SizingRecord,
): Judged {
  const figures = judgeFigures(run, observed, seconds, compared);
  const { measured } = figures;
  const lookup = lookupIn(measured, observed);
  const thresholds = run.thresholds.map((text) => evaluateThreshold(parseThreshold(text), lookup));
  const validity = judgeValidity(run, observed, measured);
  const partial = findPartial(run);
  const alarms = judgeAlarms(run, recorded);
  const silent = findSilent(alarms);
  const verdict = judgeVerdict(run, measured, validity, thresholds, silent);
  const stages = run.stages.map((stage, index) => judgeStage(stage, observed?.stages[index]?.metrics ?? {}));
  return {
    run: run.id,
    verdict,
    exitCode: exitCodes[verdict],
    headline: findHeadline({
      ...figures,
      instanceType: run.target.instanceType,
      verdict,
      validity,
      thresholds,
      partial,
      killed: killedOn(run),
      silent,
    }),
    ...(partial && { partial }),
    validity,
    warnings: [...run.warnings, ...findDrillWarnings(recorded)],
    disturbances: findDisturbances(run, observed),
    caveats: findCaveats(run, observed, measured, seconds),
    risks: findTypeRisks(run, { ...present({ alarms, sizing: figures.sizing }), stages }),
    thresholds,
    ...present({ recovery: run.recovery, alarms, replay: judgeReplay(run, seconds) }),
    agreements: findAgreements(observed),
    ...(!figures.saturation && { noSaturation: findNoSaturation(run) }),
    questions: answerQuestions({ run, observed, ...figures }),
    ...figures,
    stages,
  };
}

/** What was measured, and what follows from it. */
function judgeFigures(
  run: RunRecord,
  observed: Observed | undefined,
  seconds: Seconds | undefined,
  compared: SizingRecord | undefined,
) {
  const capacity = judgeCapacity(run, observed);
  const saturation = judgeSaturation(run, observed);
  const searched = findCapacityAtSlo(run, observed);
  // A warning names the lowest rate, which missed the SLO: that is no capacity.
  const capacityAtSlo = searched?.atMost ? undefined : searched;
  const highest = highestThroughput(run.stages.filter((stage) => !isLeftOut(run, stage)));
  const trends = seconds ? findTrends(run, seconds) : [];
  const sizing = compared ?? projectSizing(run, observed, trends);
  return {
    measured: measure(run),
    ...(highest && { busiest: describeBusiest(highest) }),
    ...present({ saturation, capacity, capacityAtSlo }),
    ...(highest &&
      !saturation &&
      !capacity && { limitAtHighest: findLimit(run, observed, run.stages.indexOf(highest)) }),
    trends,
    commands: findCommandEffects(run, observed),
    programs: findProgramUse(run, observed),
    ...(sizing && { sizing }),
  };
}
