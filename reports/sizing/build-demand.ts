// The CPU that one build uses, from a run in which a build ran beside the load.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { findCommandEffects } from '../measured/command-effect.ts';
import { coresPerVcpu } from '../measured/whole-vcpus.ts';
import type { Builds } from '../traffic/day-load.ts';
import { isLocal } from './busy-cpu.ts';

/** The vCPUs of the run's machine that the first command used on top of the load before it; undefined when that was not observed. */
export function findBuild(
  run: RunRecord,
  observed: Observed | undefined,
): Pick<Builds, 'vcpus' | 'durationS'> | undefined {
  const [effect] = findCommandEffects(run, observed);
  const before = effect?.before?.cpuPercent;
  const during = effect?.during.cpuPercent;
  // The kernel's figures are of all cores of this machine, also when the app had only a part of them.
  const emulated = run.target.vcpuShare !== undefined;
  const cores = isLocal(run) || emulated ? run.generator.cores : run.target.vcpus;
  if (!effect || before === undefined || during === undefined || cores === undefined) return undefined;
  const vcpus = (((during - before) / 100) * cores) / coresPerVcpu(run, { role: 'idle' });
  const { durationS } = effect.command;
  return vcpus > 0 && durationS > 0 ? { vcpus, durationS } : undefined;
}
