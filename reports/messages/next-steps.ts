// What to do after a comparison: the next experiment, how to move, what to watch, how to go back.
import { instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { RunComparison } from '../comparison/compare-runs.ts';
import { formatCount, formatHours } from '../format/format.ts';
import { type Step, stepOf } from './step.ts';
import { textOf } from './text-of.ts';

/** Without the move where the answer is no. */
export function nextSteps({ machines, decision }: RunComparison): readonly Step[] {
  if (!machines) return [];
  const { baseline, candidate, recommendation } = machines;
  const experiment = recommendation?.nextExperiment;
  const next = experiment ? [stepOf(textOf(experiment))] : [];
  if (decision.verdict === 'fail' || decision.verdict === 'no-verdict') return next;
  return [
    ...next,
    {
      text: `Move: stop the instance, change its type to ${candidate.instanceType}, start it. Its public IPv4 address changes without an Elastic IP. ${creditsAfterStart(candidate)}`,
    },
    { text: 'Watch in the first week: cpu-credits, cpu-stolen, memory-usable, app-p99.' },
    { text: `Go back: the same steps with ${baseline.instanceType}. EBS volumes are kept.` },
  ];
}

function creditsAfterStart({ instanceType }: NonNullable<RunComparison['machines']>['candidate']): string {
  const credits = instanceCatalogue.find((each) => each.instanceType === instanceType)?.credits;
  if (!credits) return 'It has no CPU credits.';
  return credits.keptWhenStoppedHours === 0
    ? `Earned CPU credits are lost: it starts with ${formatCount(credits.launchCredits)} launch credits.`
    : `CPU credits are kept for ${formatHours(credits.keptWhenStoppedHours)}.`;
}
