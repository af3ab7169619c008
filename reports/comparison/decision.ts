// The answer of a comparison with its reasons: the first thing on its page.

import type { Finding } from '../../model/finding.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { compared } from '../schema/comparison-findings.ts';
import type { Judged } from '../schema/judged.ts';
import { fewestSeconds } from '../series/bootstrap.ts';
import type { Difference, MarginVerdict } from './difference.ts';
import type { MachineFacts, MachinePair } from './instance-facts.ts';
import { moreIsWorse } from './margin.ts';

/** Its sentence is made from `parts`. */
export type Decision = Finding & {
  readonly code: 'decision';
  readonly question: Finding;
  /** One or two words, for the badge. */
  readonly answer: Finding;
  readonly verdict: Judged['verdict'];
  readonly parts: readonly Finding[];
  /** Reasons for caution about the runs. */
  readonly caveats?: readonly Finding[];
};

type Sides = {
  readonly baseline: { readonly label: string; readonly run: RunRecord; readonly judged: Judged };
  readonly candidate: { readonly label: string; readonly run: RunRecord; readonly judged: Judged };
};

type Answer = Pick<Decision, 'answer' | 'verdict' | 'parts'>;

/** Why the figures of the runs may not be those of the instances. */
export function findComparisonCaveats({ baseline, candidate }: Sides): Finding[] {
  // The answer itself says why the first run without a verdict has none.
  const broken = [baseline, candidate].find(({ judged }) => judged.verdict === 'no-verdict');
  return [baseline, candidate].flatMap(({ label: run, judged: { run: id, validity, disturbances } }) => [
    ...(validity.verdict === 'valid' || id === broken?.judged.run
      ? []
      : [compared('run-not-valid', { run, verdict: validity.verdict, reasons: validity.reasons })]),
    ...disturbances.map((because) => compared('run-disturbed', { run, because })),
  ]);
}

/** Of two instance types: can the workload move? Of two runs on one type: is the second worse, by the margins or at all? */
export function decide(
  sides: Sides,
  found: {
    readonly machines: MachinePair | undefined;
    readonly margins: readonly MarginVerdict[];
    readonly differences: readonly Difference[];
  },
): Decision {
  const { machines, margins, differences } = found;
  return { code: 'decision', question: findQuestion(sides, machines), ...answer() };

  function answer(): Answer {
    const broken = [sides.baseline, sides.candidate].find(({ judged }) => judged.verdict === 'no-verdict');
    if (broken)
      return noVerdict([compared('run-without-verdict', { run: broken.label, headline: broken.judged.headline })]);
    const byMargin = margins.length > 0 ? byMargins(margins) : undefined;
    if (!machines) return byMargin ?? byDifferences(differences);
    const byMachine = byMachines(machines, sides.candidate);
    return byMargin ? bothHold(byMachine, byMargin) : byMachine;
  }
}

function findQuestion({ baseline, candidate }: Sides, machines: MachinePair | undefined): Finding {
  if (!machines) return compared('question-worse', { baseline: baseline.label, candidate: candidate.label });
  return compared('question-move', {
    from: machines.baseline.instanceType,
    to: machines.candidate.instanceType,
    ...(machines.traffic !== undefined && { workload: machines.traffic }),
  });
}

function noVerdict(parts: readonly Finding[], answer: Finding = compared('inconclusive', {})): Answer {
  return { answer, verdict: 'no-verdict', parts };
}

function byMargins(parts: readonly MarginVerdict[]): Answer {
  if (parts.some((each) => each.verdict === 'is')) return { answer: compared('worse', {}), verdict: 'fail', parts };
  if (parts.some((each) => each.verdict !== 'is-not')) return noVerdict(parts, compared('needs-more-data', {}));
  return { answer: compared('not-worse', {}), verdict: 'pass', parts };
}

/** A type must sustain the load and be within the margins, which were judged in the stages with CPU credits alone. */
function bothHold(machines: Answer, margins: Answer): Answer {
  if (machines.verdict === 'fail') return machines;
  const parts = [...margins.parts, ...machines.parts];
  if (margins.verdict === 'fail') return { answer: compared('no', {}), verdict: 'fail', parts };
  if (margins.verdict === 'no-verdict') return { ...margins, parts };
  return { ...machines, parts: [...machines.parts, compared('credits-only-stages', { margins: margins.parts })] };
}

function byMachines({ baseline, candidate, recommendation }: MachinePair, { run, judged }: Sides['candidate']): Answer {
  const { instanceType, sized } = candidate;
  const { onEc2, sustainableLoad } = sized;
  // Without traffic the answer itself gives that rate.
  const sustains = !sustainableLoad && onEc2?.sustainedPerS ? { sustainedPerS: onEc2.sustainedPerS } : {};
  const no = (reason: Finding): Answer => ({ answer: compared('no', {}), verdict: 'fail', parts: [reason] });
  if (judged.verdict === 'fail') {
    const failed = judged.thresholds.filter((each) => each.verdict === 'fail').map((each) => each.expression);
    return no(compared('thresholds-missed', { instanceType, expressions: failed }));
  }
  const because = sized.because;
  if (sized.verdict === 'does-not-fit') return no(compared('type-does-not-fit', { instanceType, because }));
  const isEmulated = run.target.vcpuShare !== undefined;
  const facts = [
    ...(onEc2 ? [compared('vcpu-of-a-core', { instanceType, vcpuOfACore: onEc2.vcpuOfACore, ...sustains })] : []),
    ...(isEmulated && !onEc2 ? [compared('cores-here', {})] : []),
    findThroughput(candidate, isEmulated),
    compared('price-change', { instanceType, usdPerMonth: candidate.usdPerMonth - baseline.usdPerMonth }),
  ];
  if (sized.verdict === 'inconclusive') return noVerdict([compared('type-inconclusive', { because }), ...facts]);
  // Without traffic the verdict holds up to the sustained load.
  const { value: perS, ...interval } = sustainableLoad?.sustainedPerS ?? {};
  return perS !== undefined
    ? {
        answer: compared('up-to', { perS, ...interval, ...(onEc2 && { onEc2: true }) }),
        verdict: 'pass',
        parts: [...facts, ...(recommendation?.nextExperiment ? [recommendation.nextExperiment] : [])],
      }
    : { answer: compared('yes', {}), verdict: 'pass', parts: facts };
}

function findThroughput(facts: MachineFacts, emulated: boolean): Finding {
  const { instanceType, burstPerS, sustainedPerS, hoursToThrottle } = facts;
  return compared('type-sustains', {
    instanceType,
    emulated,
    ...present({ burstPerS, sustainedPerS, hoursToThrottle }),
  });
}

function byDifferences(differences: readonly Difference[]): Answer {
  if (differences.length === 0) return noVerdict([compared('too-short-to-compare', { neededS: fewestSeconds })]);
  const significant = differences.filter((each) => each.verdict === 'differs');
  const parts = [...significant]
    .sort((a, b) => Number(isWorse(b)) - Number(isWorse(a)))
    .map(({ metric, baseline, candidate, difference }) =>
      compared(isWorse({ metric, difference }) ? 'metric-worse' : 'metric-better', {
        metric,
        baseline,
        candidate,
        difference,
      }),
    );
  const worse = significant.filter(isWorse).length;
  if (worse > 0)
    return { answer: compared(worse < significant.length ? 'mixed' : 'worse', {}), verdict: 'fail', parts };
  if (significant.length > 0) return { answer: compared('better', {}), verdict: 'pass', parts };
  const metrics = differences.map(({ metric }) => metric);
  return {
    answer: compared('no-difference', {}),
    verdict: 'pass',
    parts: [compared('no-metric-differs', { metrics })],
  };
}

/** Whether the candidate's figure is the worse one. */
export function isWorse({ metric, difference }: Pick<Difference, 'metric' | 'difference'>): boolean {
  return moreIsWorse(metric) ? difference.value > 0 : difference.value < 0;
}
