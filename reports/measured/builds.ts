// What a build took on each instance type, of runs that had one beside their load.

import type { Observed } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { CommandRecord } from '../../model/stage/command-record.ts';
import { hasFailed } from '../../model/stage/command-record.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { findCommandEffects } from './command-effect.ts';
import { coresPerVcpu } from './whole-vcpus.ts';

type Builds = NonNullable<SizingRecord['builds']>;

/** One for each run whose instance type is known: its first command. Undefined without any. */
export function findBuilds(
  runs: readonly { readonly run: RunRecord; readonly observed: Observed | undefined }[],
): Builds | undefined {
  const builds = runs.flatMap(({ run, observed }) => {
    const [effect] = findCommandEffects(run, observed);
    const { instanceType } = run.target;
    if (!effect || instanceType === undefined) return [];
    const { command, problem, before, during } = effect;
    const { line, durationS, cpuS, memoryBytes } = command;
    const [from, to] = [before, during].map((snapshot) => snapshot?.latencyUs?.p99);
    return [
      {
        instanceType,
        line,
        durationS,
        ...(cpuS !== undefined && { vcpuS: cpuS / coresPerVcpu(run, { role: 'idle' }) }),
        ...present({ memoryBytes, ended: endOf(command) }),
        ...(problem === undefined && from !== undefined && to !== undefined && { p99Us: { from, to } }),
      },
    ];
  });
  return builds.length > 0 ? builds : undefined;
}

function endOf(command: CommandRecord): Builds[number]['ended'] {
  if (command.outOfMemory) return 'out-of-memory';
  if (command.stopped) return 'stopped';
  return hasFailed(command) ? 'failed' : undefined;
}
