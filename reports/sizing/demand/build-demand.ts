// The CPU that one build uses, from a run in which a build ran beside the load.

import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { CommandRecord } from '../../../model/stage/command-record.ts';
import { hasFailed } from '../../../model/stage/command-record.ts';
import { findCommandEffects } from '../../measured/command-effect.ts';
import { coresPerVcpu } from '../../measured/whole-vcpus.ts';
import type { CommandEffect } from '../../schema/judged-stage.ts';
import type { Builds } from '../../traffic/day-load.ts';
import { isLocal } from './busy-cpu.ts';

/** The vCPUs that the first command used on average; undefined when it failed, had to be stopped, or its CPU is not known. */
export function findBuild(
  run: RunRecord,
  observed: Observed | undefined,
): Pick<Builds, 'vcpus' | 'durationS'> | undefined {
  const [effect] = findCommandEffects(run, observed);
  if (!effect) return undefined;
  const { command } = effect;
  const cores = command.cpuS === undefined ? addedCores(run, effect) : command.cpuS / command.durationS;
  if (!isWhole(command) || cores === undefined || cores <= 0) return undefined;
  return { vcpus: cores / coresPerVcpu(run, { role: 'idle' }), durationS: command.durationS };
}

function isWhole(command: CommandRecord): boolean {
  return !hasFailed(command) && !command.stopped && !command.outOfMemory && command.durationS > 0;
}

/** In records of earlier versions: what the host used on top of the load before it. */
function addedCores(run: RunRecord, { before, during }: CommandEffect): number | undefined {
  // The kernel's figures are of all cores of this machine.
  const cores = isLocal(run) ? run.generator.cores : run.target.vcpus;
  if (before?.cpuPercent === undefined || during.cpuPercent === undefined || cores === undefined) return undefined;
  return ((during.cpuPercent - before.cpuPercent) / 100) * cores;
}
