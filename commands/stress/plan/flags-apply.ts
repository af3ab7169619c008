// Flags that cannot have an effect are refused, so that no one relies on what they say.
import { hasMeasuredStage } from '../../../loadtest/profiles/load-profile.ts';
import { UserError } from '../../../model/user-error.ts';
import type { StressFlags } from '../flags/stress-flags.ts';
import type { StressSettings } from './stress-settings.ts';

/** Throws a UserError for a flag that reaches out of the run's own network. */
export function refuseOutside(argv: StressFlags): void {
  const given = {
    '--metrics': argv.metrics?.some((source) => !['local', 'none'].includes(source)),
    '--publish': argv.publish !== undefined,
    '--mute': argv.mute,
    '--drill': argv.drill,
    '--ui': argv.ui,
  };
  for (const [flag, isGiven] of Object.entries(given))
    if (isGiven)
      throw new UserError(
        `--emulate-network runs in a network of its own, which ${flag} would have to leave. Leave one of them out`,
      );
}

/** Throws a UserError for the first flag that the others leave without an effect. */
export function refuseUseless(
  argv: StressFlags,
  { profile, sources }: Pick<StressSettings, 'profile' | 'sources'>,
): void {
  const { target, pair, shard } = argv;
  if (target === undefined && argv.allowHost !== undefined)
    throw new UserError('--allow-host allows a target on another machine: add --target URL');
  if (argv.with !== undefined && target !== undefined)
    throw new UserError(
      '--with is about the machine of an app that headroom starts: remove --target. What runs beside a target is measured where it runs',
    );
  if (argv.insecure && ![target, pair].some((url) => url?.startsWith('https:')))
    throw new UserError('--insecure is about a TLS certificate: give a --target that starts with https:');
  if (shard !== undefined && target === undefined)
    throw new UserError('--shard sends a part of the load to a target that all shards share: add --target URL');
  const ofVerdict = (['daily', 'traffic', 'builds'] as const).find((name) => argv[name] !== undefined);
  if (shard !== undefined && ofVerdict !== undefined)
    throw new UserError(`--${ofVerdict}: a shard has no verdict. Merge the shards, then size the merged run`);
  if (argv.threshold !== undefined && !hasMeasuredStage(profile))
    throw new UserError(
      `--threshold needs a measured stage, which profile ${profile.name} does not have. A search for the capacity is judged by --slo`,
    );
  const asksDatadog =
    argv.publish !== undefined || argv.mute || argv.drill || sources?.some(({ kind }) => kind === 'datadog');
  if (argv.host !== undefined && !asksDatadog)
    throw new UserError('--host is a name in Datadog: add --metrics datadog, --publish, --mute or --drill');
}
