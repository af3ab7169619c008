// Reads a Linux host: the differences of /proc between two readings.
import { totalmem } from 'node:os';
import { cpuFigures, type HostReader } from './host-reader.ts';
import { type KeptAwake, meanOf, type Reading, splitBusy, withoutAwake } from './kept-awake.ts';
import { loadMetrics, parseLoadAverages, parseMeminfo } from './proc/proc-memory.ts';
import type { Process } from './proc/proc-process.ts';
import { cpuPercent, parseProcStat } from './proc/proc-stat.ts';
import { ticksUsed } from './proc/process-cpu.ts';
import { processTree } from './proc/process-tree.ts';
import { kernelConstants, readProcesses, readProcFile } from './proc/read-proc.ts';
import { serviceNames } from './proc/service-names.ts';
import { createServiceList } from './proc/services.ts';
import { systemShare } from './proc/system-share.ts';

/** The app under test, when it runs on this host. */
export type LocalApp = {
  /** Its root processes, without their descendants. Empty when it does not run. */
  pids(): readonly number[];
  /** Of the busiest of its event loops since the last call, 0 to 1; undefined when unknown. */
  eventLoopUtilization?(): number | undefined;
};

/** What headroom started beside the app, under a name of its own. */
export type NamedProcesses = {
  readonly name: string;
  /** Roots, without their descendants. */
  pids(): readonly number[];
};

/** A reader of /proc. The app's processes have their own figures, this process and its other descendants but those of `beside` are `headroom`, and processes that keep cores awake are left out. */
export function createLinuxReader(app?: LocalApp, awake?: KeptAwake, beside?: NamedProcesses): HostReader {
  const { ticksPerS, pageBytes } = kernelConstants();
  const look = (): Reading =>
    withoutAwake({ cpu: parseProcStat(readProcFile('stat')), processes: readProcesses() }, awake, ticksPerS);
  const awakePids = new Set(awake?.use().map(({ pid }) => pid));
  let before = look();
  const services = createServiceList({ cores: before.cpu.cores.length, memoryBytes: totalmem() });
  const nameOf = serviceNames();

  return (elapsedS) => {
    const now = look();
    const earlier = before;
    before = now;
    if (elapsedS <= 0) return undefined;
    const { cores } = now.cpu;
    // After a core was added or removed the lines no longer correspond.
    const paired = cores.length === earlier.cpu.cores.length;
    const all = paired ? cpuPercent(earlier.cpu.all, now.cpu.all, elapsedS * ticksPerS * cores.length) : {};
    const perCore = paired
      ? cores.map((core, index) => cpuPercent(earlier.cpu.cores[index] ?? core, core, elapsedS * ticksPerS))
      : [];

    const ticks = ticksUsed(earlier.processes, now.processes);
    const usage = ({ pid, rssPages }: Process) => ({
      cpuPercent: (100 * (ticks.get(pid) ?? 0)) / ticksPerS / elapsedS,
      rssBytes: rssPages * pageBytes,
    });
    const appTree = processTree(now.processes, app?.pids() ?? []);
    const besideTree = processTree(now.processes, beside?.pids() ?? []);
    const ownTree = processTree(now.processes, [process.pid], new Set([...appTree, ...besideTree]));
    const groupOf = (each: Process) =>
      beside && besideTree.has(each.pid) ? beside.name : ownTree.has(each.pid) ? 'headroom' : nameOf(each);
    const appUse = now.processes.filter(({ pid }) => appTree.has(pid)).map(usage);
    const others = now.processes
      .filter(({ pid }) => !appTree.has(pid) && !awakePids.has(pid))
      .map((each) => ({ name: groupOf(each), ...usage(each) }));
    const kept = new Set(awake?.use().map(({ core }) => core));
    const share = awake && systemShare(earlier.processes, now.processes, appTree);
    const cleared = perCore.map((core, index) => (kept.has(index) ? splitBusy(core, share) : core));
    const figures = cpuFigures(awake ? meanOf(cleared) : all, cleared);
    return {
      ...figures,
      metrics: {
        ...figures.metrics,
        // Processes that keep cores awake are always runnable: their part of the load average is unknown.
        ...(!awake && loadMetrics(parseLoadAverages(readProcFile('loadavg')), cores.length)),
        ...parseMeminfo(readProcFile('meminfo')),
        ...(appUse.length > 0 && {
          'app.cpu': appUse.reduce((total, each) => total + each.cpuPercent, 0),
          'app.mem.rss': appUse.reduce((total, each) => total + each.rssBytes, 0),
        }),
      },
      services: services(others),
    };
  };
}
