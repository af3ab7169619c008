// The figures that every reader of this host gives.
import type { HostLine } from '../../model/second.ts';
import { type CpuPercent, cpuStates } from './proc/proc-stat.ts';

/** One sample: figures over the time since the previous one. */
export type HostFigures = Pick<HostLine, 'metrics' | 'perCore' | 'services'>;

/** Reads the host. The first call returns no figures, each later one those over the `elapsedS` since the previous call. */
export type HostReader = (elapsedS: number) => HostFigures | undefined;

/** The CPU states in percent, of all cores as metrics and per core. */
export function cpuFigures(all: CpuPercent, cores: readonly CpuPercent[]): Pick<HostLine, 'metrics' | 'perCore'> {
  const metrics: Record<string, number> = {};
  const perCore: Record<string, number[]> = {};
  for (const state of cpuStates) {
    const value = all[state];
    if (value !== undefined) metrics[`system.cpu.${state}`] = value;
    const values = cores.map((core) => core[state]).filter((each) => each !== undefined);
    if (values.length > 0 && values.length === cores.length) perCore[`system.cpu.${state}`] = values;
  }
  return { metrics, ...(Object.keys(perCore).length > 0 && { perCore }) };
}
