// What a search for the capacity must meet: of a capacity stage, and of the open blocks after a ladder.
import type { Profile, ProfileStage } from '../../../model/profile.ts';
import { parseThreshold, type Threshold } from '../../../model/threshold.ts';
import { UserError } from '../../../model/user-error.ts';
import appP99 from '../../../monitors/definitions/app-p99.ts';
import type { StressFlags } from '../flags/stress-flags.ts';

type Given = Pick<StressFlags, 'slo' | 'threshold'>;

/** The profile with --slo in its searches. Without it, open blocks must meet the latency and error thresholds of the run, and that of the monitor app-p99. */
export function withSlo(profile: Profile, { slo, threshold }: Given): Profile {
  const searches = profile.stages.filter((stage) => stage.kind === 'capacity' || ('atSlo' in stage && stage.atSlo));
  if (slo !== undefined && searches.length === 0)
    throw new UserError('--slo needs --profile capacity or stress. For other profiles use --threshold');
  for (const stage of searches)
    checkSlo(slo ?? sloOf(stage), slo ? '--slo' : `stage ${stage.name} of profile ${profile.name}:`);
  const given = slo?.map((text) => parseThreshold(text).expression);
  const stages = profile.stages.map((stage) => {
    if (stage.kind === 'capacity') return { ...stage, ...(given && { slo: given }) };
    if (stage.kind !== 'ladder' || !stage.atSlo) return stage;
    const chosen = given ?? stage.atSlo.slo ?? usualSlo(threshold ?? profile.thresholds);
    return { ...stage, atSlo: { ...stage.atSlo, slo: [...chosen] } };
  });
  return { ...profile, stages };
}

/** Of its own. */
function sloOf(stage: ProfileStage): readonly string[] {
  if (stage.kind === 'capacity') return stage.slo;
  return (stage.kind === 'ladder' && stage.atSlo?.slo) || [];
}

/** A probe of a few seconds is too short to judge the host by. */
function checkSlo(slo: readonly string[], given: string): void {
  for (const text of slo) {
    const { metric, aggregation } = parseThreshold(text);
    if (aggregation !== undefined)
      throw new UserError(
        `${given} ${text}: use latency, errors, dropped or throughput. ${metric} cannot judge a probe`,
      );
  }
}

/** Of several limits of one figure the tightest. */
function usualSlo(thresholds: readonly string[]): string[] {
  const monitor = `latency.p99 < ${appP99('').thresholds.critical}ms`;
  const tightest = new Map<string, Threshold>();
  for (const each of [...thresholds, monitor].map(parseThreshold)) {
    const judges = /^(latency\.|errors\.)/.test(each.metric) && each.operator.startsWith('<');
    if (judges && !(each.limit >= (tightest.get(each.metric)?.limit ?? Number.POSITIVE_INFINITY)))
      tightest.set(each.metric, each);
  }
  return [...tightest.values()].map(({ expression }) => expression);
}
