// Which walk the users of a run take: that of the profile, or that of --har.
import { readJsonFile } from '../../../loadtest/profiles/json-file.ts';
import { readHar } from '../../../loadtest/replay/har.ts';
import { readWalk, type WalkPlan } from '../../../loadtest/walks/read-walk.ts';
import { escapeTemplate } from '../../../loadtest/walks/template.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Profile, Route } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import { commandFinding } from '../../messages.ts';
import { type RequestParts, withHeaders } from '../flags/request-flags.ts';

export type ChosenWalk = {
  readonly plan: WalkPlan;
  /** In the words of the user. */
  readonly from: string;
  readonly isRecorded: boolean;
  readonly findings: readonly Finding[];
};

type Flags = {
  readonly har?: string | undefined;
  readonly profile?: string | undefined;
  readonly trace?: number | undefined;
  readonly slo?: readonly string[] | undefined;
  readonly once?: boolean;
};

/**
 * The profile as users on a walk run it. Their arrivals are walks, and a saturation is requests: the rate at the SLO is not searched between the
 * two, and the light load beside a build stays the same number of requests per second.
 */
export function onWalk(profile: Profile, { plan }: Pick<ChosenWalk, 'plan'>): Profile {
  const stages = profile.stages.map((stage) => {
    if (stage.kind === 'build') return { ...stage, arrivalRatePerS: stage.arrivalRatePerS / plan.steps.length };
    if (stage.kind !== 'ladder') return stage;
    const { atSlo: _, ...rest } = stage;
    return rest;
  });
  return { ...profile, stages };
}

/** Undefined without any. Throws a UserError for what cannot be sent, and for flags and stages that do not go with a walk. */
export function chooseWalk(
  argv: Flags,
  profile: Profile,
  target: URL | undefined,
  { headers }: RequestParts,
): ChosenWalk | undefined {
  const { har } = argv;
  if (har === undefined && !profile.walk) return undefined;
  const own = profile.walk ? 'a walk' : 'routes';
  if (har !== undefined && (profile.walk ?? profile.routes))
    throw new UserError(`profile ${profile.name} has ${own} of its own. Leave out --har, or choose another profile`);
  if (profile.walk && profile.routes)
    throw new UserError(`profile ${profile.name} has both "routes" and "walk". Leave one of them out`);
  if (argv.trace !== undefined) throw new UserError('--trace does not go with a walk. Leave it out');
  const search = profile.stages.find(({ kind }) => kind === 'capacity');
  if (search && !argv.once)
    throw new UserError(
      `stage ${search.name} searches a rate of requests, which users on a walk do not have. Use --profile stress or load, or open and closed stages`,
    );
  if (argv.slo !== undefined && !argv.once)
    throw new UserError(
      '--slo searches a rate of requests, which users on a walk do not have. Leave it out, or use --threshold',
    );
  const chosen =
    har === undefined
      ? ofProfile(profile, argv.profile ?? profile.name)
      : { ...ofHar(har, target), from: `--har ${har}`, isRecorded: true };
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, escapeTemplate(value)]));
  const isLeftOut = !argv.once && profile.stages.some((stage) => stage.kind === 'ladder' && stage.atSlo);
  return {
    ...chosen,
    plan: { ...chosen.plan, steps: withHeaders(chosen.plan.steps, given) },
    findings: [...chosen.findings, ...(isLeftOut ? [commandFinding('walk-without-slo')] : [])],
  };
}

function ofProfile({ walk, name }: Profile, file: string): ChosenWalk {
  if (!walk) throw new Error(`profile ${name} has no walk`);
  return { plan: readWalk(walk, file), from: `profile ${name}`, isRecorded: false, findings: [] };
}

function ofHar(file: string, target: URL | undefined): Pick<ChosenWalk, 'plan' | 'findings'> {
  const { steps, ...read } = readHar(readJsonFile(file), file, target?.origin);
  const isElsewhere = target !== undefined && target.origin !== read.recorded;
  const figures = { file, steps: steps.length, ...read, ...(isElsewhere && { origin: target.origin }) };
  return { plan: { steps }, findings: [commandFinding('har-read', figures)] };
}

/** The steps as routes, by which they are counted. */
export function routesOf({ steps }: WalkPlan): Route[] {
  return steps.map(({ take: _, thinkS: __, ...route }) => ({ ...route, weight: 1 }));
}
