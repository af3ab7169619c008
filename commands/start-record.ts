// run.json as a run begins it.
import { basename } from 'node:path';
import type { Shortener } from '../loadtest/shortener.ts';
import type { Route } from '../model/profile.ts';
import type { RunRecord, Target } from '../model/run-record.ts';
import { describeGenerator, ownCommit } from './machine.ts';
import type { StressOptions } from './stress-options.ts';

/** What the load goes to. */
export function describeTarget(target: URL | undefined, shortener: Shortener | undefined): Target {
  if (shortener) {
    const commit = ownCommit();
    return { url: shortener.url, kind: 'shortener', startedByHarness: true, workers: 1, ...(commit && { commit }) };
  }
  if (!target) throw new Error('neither a target nor the shortener');
  return { url: target.href, kind: target.pathname === '/' ? 'shortener' : 'url', startedByHarness: false };
}

/** The record as it stands before the first request. */
export function startRecord(
  options: StressOptions,
  dir: string,
  startedAt: Date,
  target: Target,
  routes: readonly Route[],
  thresholds: readonly string[],
  warnings: readonly string[],
): RunRecord {
  return {
    schemaVersion: 1,
    id: basename(dir),
    ...(options.name !== undefined && { name: options.name }),
    status: 'running',
    startedAt: startedAt.toISOString(),
    command: options.command,
    target,
    generator: describeGenerator(options.generators),
    profile: options.profile,
    routes: [...routes],
    seed: options.seed,
    stages: [],
    thresholds: [...thresholds],
    validity: { verdict: 'inconclusive', reasons: ['the run has not ended'] },
    warnings: [...warnings],
  };
}
