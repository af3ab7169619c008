// The answer of a comparison with its reasons: the first thing on its page.

import type { Finding } from '../../model/finding.ts';
import type { Outcome } from '../format/outcome.ts';
import { compared } from '../schema/comparison-findings.ts';
import { fewestSeconds } from '../series/bootstrap.ts';
import type { Difference, MarginVerdict } from './difference.ts';
import type { MachinePair } from './instance-facts.ts';
import { moreIsWorse } from './margin.ts';
import type { Sides } from './risks.ts';

/** Its sentence is made from `parts`. */
export type Decision = Finding & {
  readonly code: 'decision';
  readonly question: Finding;
  /** One or two words, for the badge. */
  readonly answer: Finding;
  /** As it is coloured: see docs/decisions/013-rule-of-colour.md. */
  readonly verdict: Outcome;
  readonly parts: readonly Finding[];
  /** The largest risk: what the banner says after "But:". */
  readonly but?: Finding;
};

type Answer = Pick<Decision, 'answer' | 'verdict' | 'parts'>;

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
    if (broken) return noVerdict([compared('run-without-verdict', { run: broken.label })]);
    const byMargin = margins.length > 0 ? byMargins(margins) : undefined;
    if (!machines) return byMargin ?? byDifferences(differences);
    const byMachine = byMachines(machines, sides);
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

function noVerdict(parts: readonly Finding[], verdict: Outcome = 'no-verdict'): Answer {
  return { answer: compared('inconclusive', {}), verdict, parts };
}

/** Whether more or better data would answer the question. */
export function isOpen({ answer }: Pick<Decision, 'answer'>): boolean {
  return answer.code === 'inconclusive' || answer.code === 'needs-more-data';
}

function byMargins(parts: readonly MarginVerdict[]): Answer {
  if (parts.some((each) => each.verdict === 'is')) return { answer: compared('worse', {}), verdict: 'fail', parts };
  if (parts.some((each) => each.verdict !== 'is-not')) {
    const straddles = parts.every((each) => each.verdict !== 'no-data');
    return { answer: compared('needs-more-data', {}), verdict: straddles ? 'depends' : 'no-verdict', parts };
  }
  return { answer: compared('not-worse', {}), verdict: 'pass', parts };
}

/** A type must sustain the load and be within the margins, which were judged in the stages with CPU credits alone. */
function bothHold(machines: Answer, margins: Answer): Answer {
  if (machines.verdict === 'fail') return machines;
  const parts = [...margins.parts, ...machines.parts];
  if (margins.verdict === 'fail') return { answer: compared('no', {}), verdict: 'fail', parts };
  if (isOpen(margins)) return { ...margins, parts };
  return { ...machines, parts: [...machines.parts, compared('credits-only-stages', { margins: margins.parts })] };
}

function byMachines({ baseline, candidate, traffic, predictions }: MachinePair, sides: Sides): Answer {
  const { instanceType, sized } = candidate;
  const { judged } = sides.candidate;
  const no = (reason: Finding): Answer => ({ answer: compared('no', {}), verdict: 'fail', parts: [reason] });
  const failed = judged.thresholds.filter((each) => each.verdict === 'fail').map((each) => each.expression);
  // Of an app that was killed for want of memory the sizing says it.
  if (failed.length > 0 && !sides.candidate.run.outOfMemory)
    return no(compared('thresholds-missed', { instanceType, expressions: failed }));
  const { because } = sized;
  if (sized.verdict === 'does-not-fit') return no(compared('type-does-not-fit', { instanceType, because }));
  if (sized.verdict === 'inconclusive')
    return noVerdict(
      [compared('type-inconclusive', { instanceType, because })],
      isUnmeasured(sized) ? 'no-verdict' : 'depends',
    );
  const isPriced = candidate.usdPerMonth !== undefined && baseline.usdPerMonth !== undefined;
  const price = isPriced ? { usdPerMonth: candidate.usdPerMonth - baseline.usdPerMonth } : {};
  if (!traffic) {
    // Of no traffic it is not known whether it fits: the rate that it sustains is the figure.
    const { onEc2, sustainableLoad } = sized;
    const sustained = sustainableLoad?.sustainedPerS ?? candidate.sustainedPerS;
    const figures = { instanceType, ...price, ...(onEc2?.sustainedPerS && { onEc2: true }) };
    const sustains = compared('type-sustains', { ...figures, ...(sustained && { sustainedPerS: sustained }) });
    return { answer: compared('depends-on-traffic', {}), verdict: 'depends', parts: [sustains] };
  }
  const parts = [compared('type-fits', { instanceType, ...price })];
  const missed = predictions.some((each) => each.instanceType === instanceType && !each.held);
  const isSure = !missed && [sides.baseline, sides.candidate].every((side) => side.judged.validity.verdict === 'valid');
  return isSure
    ? { answer: compared('yes', {}), verdict: 'pass', parts }
    : { answer: compared('likely', {}), verdict: 'depends', parts };
}

/** Nothing was measured that could decide; else an interval holds the limit. */
function isUnmeasured({ limitedBy, because }: MachinePair['candidate']['sized']): boolean {
  return limitedBy === 'measurement' || because.code === 'memory-not-collected' || because.code === 'memory-missing';
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
