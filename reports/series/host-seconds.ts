// The samples of a host, by the source that took them.
import type { HostLine } from '../../model/second.ts';
import { type Clock, createClock } from './clock.ts';

export type HostSecond = {
  /** The middle of the sampled interval. */
  readonly atS: number;
  readonly intervalS: number;
  readonly metrics: HostLine['metrics'];
  /** Percent of each core that is in use; absent when the source does not report single cores. */
  readonly cores?: readonly number[];
};

const balanceMetric = 'aws.ec2.cpucredit_balance';
const instanceCpuMetric = 'aws.ec2.cpuutilization';

type Source = { readonly clock: Clock; readonly seconds: HostSecond[] };

/** Takes samples one by one, each source on its own clock. */
export function gatherHosts(startedAt: string) {
  const sources = new Map<string, Source>();
  const credits: [number, number][] = [];
  const instanceCpu: [number, number][] = [];
  return {
    credits,
    instanceCpu,
    /** Returns when the sampled interval ended, in seconds since the run began. */
    add(line: HostLine): number {
      const key = `${line.source}\n${line.host}`;
      const source = sources.get(key) ?? { clock: createClock(startedAt), seconds: [] };
      sources.set(key, source);
      const atS = source.clock.secondsAt(line.at) - line.intervalS / 2;
      const idle = line.perCore?.['system.cpu.idle'];
      const cores = idle && { cores: idle.map((each) => Math.max(0, 100 - each)) };
      if (atS >= 0) source.seconds.push({ atS, intervalS: line.intervalS, metrics: line.metrics, ...cores });
      const { [balanceMetric]: balance, [instanceCpuMetric]: cpu } = line.metrics;
      if (balance !== undefined && atS >= 0) credits.push([atS, balance]);
      if (cpu !== undefined && atS >= 0) instanceCpu.push([atS, cpu]);
      return atS + line.intervalS / 2;
    },
    /** The first of the preferred sources that has the CPU, else the source with the most samples. */
    choose(preferred: readonly { readonly source: string; readonly host: string }[]): Source | undefined {
      const gives = (name: string) => sources.get(name)?.seconds.some(({ metrics }) => 'system.cpu.user' in metrics);
      const first = preferred.map(({ source, host }) => `${source}\n${host}`).find(gives);
      const most = [...sources.values()].sort((a, b) => b.seconds.length - a.seconds.length)[0];
      return first === undefined ? most : sources.get(first);
    },
  };
}
