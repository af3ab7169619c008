// What every way of reading this host gives.
import type { HostLine } from '../../model/second.ts';
import { type CpuPercent, cpuStates } from './proc-stat.ts';

/** What is sampled at one moment, as figures over the time since the moment before. */
export type HostFigures = Pick<HostLine, 'metrics' | 'perCore' | 'services'>;

/** Reads the host: the first call gives no figures, each later one those over the `elapsedS` since the call before. */
export type HostReader = (elapsedS: number) => HostFigures | undefined;

/** The metrics and, core by core, the same figures of CPU states in percent. */
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
