// run.json as a run begins it.
import { basename } from 'node:path';
import type { Finding } from '../../model/finding.ts';
import type { InstanceType } from '../../model/instance-catalogue.ts';
import { modelFinding } from '../../model/messages.ts';
import type { Route } from '../../model/profile.ts';
import type { RunRecord, Target } from '../../model/run-record.ts';
import { describeGenerator, ownCommit } from '../cli/machine.ts';
import { isOnePage } from './choose-routes.ts';
import type { OpenRun } from './open-run.ts';
import { storedProfile, storedRoutes } from './request-flags.ts';
import type { StressOptions } from './stress-options.ts';

/** What the load goes to. */
export function describeTarget(
  {
    profile,
    replay,
    target,
    expect,
    request,
    isShortener,
    instance,
    emulation,
    with: programs,
  }: Pick<
    StressOptions,
    'profile' | 'replay' | 'target' | 'expect' | 'request' | 'isShortener' | 'instance' | 'emulation' | 'with'
  >,
  { shortener, emulated, nginx }: Pick<OpenRun, 'shortener' | 'emulated' | 'nginx'>,
): Target {
  if (shortener) {
    const commit = ownCommit();
    return {
      url: (nginx ?? shortener).url,
      kind: 'shortener',
      startedByHarness: true,
      ...(emulation && {
        instanceType: emulation.type.instanceType,
        vcpus: emulation.type.vcpus,
        memoryGiB: emulation.type.memoryGiB,
        vcpuShare: emulation.share.withCredits,
        ...(!emulation.isShareAsked && { vcpuShareAtBaseline: emulation.share.atBaseline }),
        ...(emulated && { startCpuS: emulated.startCpuS }),
      }),
      ...(!emulation && describeInstance(instance)),
      workers: (emulation?.type ?? instance)?.vcpus ?? 1,
      ...(programs.length > 0 && { with: programs }),
      ...(nginx && { nginx: { version: nginx.version, workers: nginx.workers } }),
      ...(commit && { commit }),
    };
  }
  if (!target) throw new Error('neither a target nor the shortener');
  return {
    url: target.href,
    kind: replay || isOnePage({ profile, target, expect, request, isShortener }) ? 'url' : 'shortener',
    startedByHarness: false,
    ...describeInstance(instance),
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
  const { shard } = options;
  return {
    schemaVersion: 2,
    id: basename(begin.dir),
    ...(options.name !== undefined && { name: options.name }),
    status: 'running',
    startedAt: begin.startedAt.toISOString(),
    command: options.command,
    target: begin.target,
    generator: describeGenerator(options.generators),
    profile: storedProfile(options.profile, options.request),
    routes: storedRoutes(begin.routes, options.request),
    ...(options.replay && { replay: options.replay.record }),
    seed: options.seed,
    ...(shard && {
      shard: {
        index: shard.index + 1,
        of: shard.of,
        startAt: new Date(shard.startAt).toISOString(),
        ...(begin.clock && { clock: begin.clock }),
      },
    }),
    stages: [],
    thresholds: [...begin.thresholds],
    validity: { verdict: 'inconclusive', reasons: [modelFinding('run-not-ended')] },
    warnings: [...begin.warnings],
  };
}
