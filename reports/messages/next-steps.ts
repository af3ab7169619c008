// What to do after a comparison: the next experiment, how to move, what to watch, how to go back.
import { instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { RunComparison } from '../comparison/compare-runs.ts';
import { formatCount, formatDuration } from '../format/format.ts';
import { textOf } from './text-of.ts';

/** A sentence each; without the move where the answer is no. */
export function nextSteps({ machines, decision }: RunComparison): readonly string[] {
  if (!machines) return [];
  const { baseline, candidate, recommendation } = machines;
  const experiment = recommendation?.nextExperiment;
  const next = experiment ? [`${textOf(experiment)}.`] : [];
  if (decision.verdict === 'fail' || decision.verdict === 'no-verdict') return next;
  return [
    ...next,
    `Move: stop the instance, change its type to ${candidate.instanceType}, start it. Its public IPv4 address changes without an Elastic IP. ${creditsAfterStart(candidate)}`,
    'Watch in the first week: cpu-credits, cpu-stolen, memory-usable, app-p99.',
    `Go back: the same to ${baseline.instanceType}; EBS volumes stay.`,
  ];
}

function creditsAfterStart({
  instanceType,
  hoursToThrottle,
}: NonNullable<RunComparison['machines']>['candidate']): string {
  const credits = instanceCatalogue.find((each) => each.instanceType === instanceType)?.credits;
  if (!credits) return 'It has no CPU credits.';
  const first = `it starts with ${formatCount(credits.launchCredits)} launch credits`;
  const lasts =
    hoursToThrottle && credits.launchCredits > 0
      ? `, enough for ${formatDuration(3600 * hoursToThrottle.launch)} of full load`
      : '';
  return credits.keptWhenStoppedHours === 0
    ? `Earned CPU credits are lost: ${first}${lasts}.`
    : `CPU credits are kept for ${formatDuration(3600 * credits.keptWhenStoppedHours)}.`;
}
