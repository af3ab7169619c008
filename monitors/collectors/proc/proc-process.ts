// /proc/<pid>/stat: one process.

export type Process = {
  readonly pid: number;
  readonly parentPid: number;
  /** The program's name, cut to 15 characters by the kernel. */
  readonly comm: string;
  readonly isKernelThread: boolean;
  /** CPU time of its own, user and system, in clock ticks. */
  readonly ownTicks: number;
  /** System time alone. */
  readonly systemTicks: number;
  /** CPU time of its ended children that it has waited for, and of theirs. */
  readonly reapedTicks: number;
  /** Ticks after boot; with the pid it identifies a process, since pids are reused. */
  readonly startedAtTicks: number;
  /** Resident pages, those shared with other processes included. */
  readonly rssPages: number;
};

/** PF_KTHREAD in the kernel's include/linux/sched.h. */
const kernelThreadFlag = 0x00200000;

/** Parses /proc/<pid>/stat (columns: proc(5)); the name may hold spaces and parentheses. */
export function parseProcess(text: string): Process {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const columns = text.slice(close + 2).split(' ', 22);
  // proc(5) counts from 1 and the name is column 2, so what follows it starts with column 3.
  const column = (number: number) => Number(columns[number - 3]);
  return {
    pid: Number.parseInt(text, 10),
    parentPid: column(4),
    comm: text.slice(open + 1, close),
    isKernelThread: (column(9) & kernelThreadFlag) !== 0,
    ownTicks: column(14) + column(15),
    systemTicks: column(15),
    reapedTicks: column(16) + column(17),
    startedAtTicks: column(22),
    rssPages: Number(columns[24 - 3] ?? 0),
  };
}
