// run.json as a run begins it.
import { basename } from 'node:path';
import type { InstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import type { Finding } from '../../../model/finding.ts';
import { modelFinding } from '../../../model/messages.ts';
import { present } from '../../../model/present.ts';
import type { Route } from '../../../model/profile.ts';
import type { RunRecord, Target } from '../../../model/run-record.ts';
import { describeGenerator, ownCommit } from '../../cli/machine.ts';
import { storedProfile, storedRoutes, storedStep } from '../flags/request-flags.ts';
import { isOnePage } from '../options/choose-routes.ts';
import { isThrottled } from '../options/emulation.ts';
import type { StressOptions } from '../options/stress-options.ts';
import type { OpenRun } from './open-run.ts';

/** What the load goes to. */
export function describeTarget(options: Described, open: Opened): Target {
  const { target } = options;
  if (!target) return describeStarted(options, open);
  return {
    url: target.href,
    kind: options.replay || options.walk || isOnePage(options) ? 'url' : 'shortener',
    startedByHarness: false,
    ...describeInstance(options.instance),
  };
}

type Described = Parameters<typeof isOnePage>[0] &
  Pick<StressOptions, 'replay' | 'walk' | 'instance' | 'emulation' | 'app' | 'with'>;
type Opened = Pick<OpenRun, 'app' | 'emulated' | 'kept' | 'nginx'>;

/** The user's app, or the shortener. One that did not start has the address where it was expected. */
function describeStarted({ app, instance, emulation, with: programs }: Described, open: Opened): Target {
  const { nginx } = open;
  const share = open.kept?.share ?? emulation?.share;
  const startCpuS = open.emulated?.startCpuS;
  const commit = app ? undefined : ownCommit();
  // How many processes of an app on this machine answer is not known.
  const workers = open.kept?.workers ?? (app && !emulation ? undefined : ((emulation?.type ?? instance)?.vcpus ?? 1));
  return {
    url: (nginx ?? open.app)?.url ?? app?.fixed?.origin ?? 'http://127.0.0.1/',
    kind: app ? 'url' : 'shortener',
    startedByHarness: true,
    ...(emulation &&
      share && {
        ...describeInstance(emulation.type),
        // Without credits from the begin it is never the other.
        vcpuShare: isThrottled(emulation) ? share.atBaseline : share.withCredits,
        ...(!emulation.isShareAsked && { vcpuShareAtBaseline: share.atBaseline }),
        ...present({ startCpuS, networkMbps: emulation.networkMbps }),
      }),
    ...(!emulation && describeInstance(instance)),
    ...present({ workers }),
    ...(programs.length > 0 && { with: programs }),
    ...present({ nginx: nginx && { version: nginx.version, workers: nginx.workers }, commit: commit || undefined }),
  };
}

function describeInstance(instance: InstanceType | undefined): Partial<Target> {
  return instance ? { instanceType: instance.instanceType, vcpus: instance.vcpus, memoryGiB: instance.memoryGiB } : {};
}

/** The record as it stands before the first request. */
export function startRecord(
  options: StressOptions,
  begin: {
    readonly dir: string;
    readonly startedAt: Date;
    readonly target: Target;
    readonly routes: readonly Route[];
    readonly thresholds: readonly string[];
    readonly warnings: readonly Finding[];
    readonly clock: NonNullable<RunRecord['shard']>['clock'] | undefined;
  },
): RunRecord {
  const { shard, walk } = options;
  return {
    schemaVersion: 2,
    id: basename(begin.dir),
    ...present({ name: options.name }),
    status: 'running',
    startedAt: begin.startedAt.toISOString(),
    command: options.command,
    target: begin.target,
    generator: describeGenerator(options.generators),
    profile: storedProfile(options.profile, options.request),
    routes: storedRoutes(begin.routes, options.request).map((route) =>
      walk ? storedStep(route, walk.isRecorded) : route,
    ),
    ...present({ replay: options.replay?.record }),
    seed: options.seed,
    ...(shard && {
      shard: present({
        index: shard.index + 1,
        of: shard.of,
        startAt: new Date(shard.startAt).toISOString(),
        clock: begin.clock,
      }),
    }),
    stages: [],
    thresholds: [...begin.thresholds],
    validity: { verdict: 'inconclusive', reasons: [modelFinding('run-not-ended')] },
    warnings: [...begin.warnings],
  };
}
