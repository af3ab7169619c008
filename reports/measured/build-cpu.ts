// The CPU of an instance by process before and while a command ran beside its load.
import type { RunRecord } from '../../model/run-record.ts';
import { coresPerVcpu } from './whole-vcpus.ts';

/** Means over a stage, in vCPUs of the instance. */
export type BuildCpu = {
  readonly stage: string;
  readonly appVcpus: number;
  /** 0 before the command. */
  readonly commandVcpus: number;
};

/** The stage with the run's first command, and the one like it before; empty unless the CPU of both, and the vCPUs, are known. */
export function findBuildCpu(run: RunRecord): BuildCpu[] {
  const { stages, target } = run;
  const at = stages.findIndex(({ command }) => command?.cpuS !== undefined);
  const beside = stages[at];
  if (!beside?.command || target.vcpus === undefined) return [];
  const cores = beside.command.vcpus ?? target.vcpus * coresPerVcpu(run, beside);
  const before = stages.slice(0, at).findLast(({ role, command }) => role === beside.role && !command);
  return [before, beside].flatMap((stage) => {
    if (stage?.appCpuS === undefined || stage.durationS === 0) return [];
    const vcpus = (cpuS: number) => ((cpuS / stage.durationS) * (target.vcpus ?? 1)) / cores;
    return [{ stage: stage.name, appVcpus: vcpus(stage.appCpuS), commandVcpus: vcpus(stage.command?.cpuS ?? 0) }];
  });
}
