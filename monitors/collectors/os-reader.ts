// Reads a host on any platform through node:os.
import { freemem, loadavg, cpus as osCpus, totalmem } from 'node:os';
import { cpuFigures, type HostReader } from './host-reader.ts';
import { loadMetrics, memoryMetrics } from './proc/proc-memory.ts';
import { type CpuPercent, type CpuTicks, cpuPercent, sumTicks } from './proc/proc-stat.ts';

/** Without /proc: no iowait, no stolen time, no processes, and memory as the platform sees it. */
export function createOsReader(): HostReader {
  const ticks = (): CpuTicks[] =>
    osCpus().map(({ times }) => ({
      user: times.user + times.nice,
      system: times.sys + times.irq,
      idle: times.idle,
      iowait: 0,
      stolen: 0,
    }));
  const known = ({ iowait: _, stolen: __, ...percent }: CpuPercent): CpuPercent => percent;
  let before: CpuTicks[] | undefined;
  return (elapsedS) => {
    const after = ticks();
    const previous = before;
    before = after;
    // Where the platform hides its cores, nothing is known of them.
    if (previous?.length !== after.length || after.length === 0) return undefined;
    const elapsedMs = elapsedS * 1000;
    const cores = after.flatMap((core, index) => {
      const earlier = previous[index];
      return earlier ? [known(cpuPercent(earlier, core, elapsedMs))] : [];
    });
    const figures = cpuFigures(known(cpuPercent(sumTicks(previous), sumTicks(after), elapsedMs * after.length)), cores);
    return {
      ...figures,
      metrics: {
        ...figures.metrics,
        // Windows has no run-queue average: Node gives three zeros there.
        ...(process.platform !== 'win32' && loadMetrics(loadavg(), after.length)),
        ...memoryMetrics(totalmem(), freemem()),
      },
    };
  };
}
