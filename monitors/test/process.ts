import type { Process } from '../collectors/proc/proc-process.ts';

/** A process for tests: what is not said is 0. */
export function process(pid: number, parentPid = 1, more: Partial<Process> = {}): Process {
  return {
    pid,
    parentPid,
    comm: `p${pid}`,
    isKernelThread: false,
    ownTicks: 0,
    systemTicks: 0,
    reapedTicks: 0,
    startedAtTicks: 0,
    rssPages: 0,
    ...more,
  };
}
