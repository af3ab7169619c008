// What one build takes of the CPU, from a run in which one ran beside the load.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { findCommandEffects } from '../measured/command-effect.ts';
import type { Builds } from '../traffic/day-load.ts';
import { isLocal } from './service-demand.ts';

/** The vCPUs of the run's machine that the first command kept busy above the load before it; undefined when that was not seen. */
export function findBuild(
  run: RunRecord,
  observed: Observed | undefined,
): Pick<Builds, 'vcpus' | 'durationS'> | undefined {
  const [effect] = findCommandEffects(run, observed);
  const before = effect?.before?.cpuPercent;
  const during = effect?.during.cpuPercent;
  // What the kernel tells is of this machine's cores, also when the app had a part of them.
  const emulated = run.target.vcpuShare !== undefined;
  const cores = isLocal(run) || emulated ? run.generator.cores : run.target.vcpus;
  if (!effect || before === undefined || during === undefined || cores === undefined) return undefined;
  const vcpus = (((during - before) / 100) * cores) / (run.target.vcpuShare ?? 1);
  const { durationS } = effect.command;
  return vcpus > 0 && durationS > 0 ? { vcpus, durationS } : undefined;
}
