// Names of groups and scopes of ours: they say whose they are, so that the next run can remove those of a run that was killed.
import { existsSync } from 'node:fs';
import { read } from './cgroup-tree.ts';

export const prefix = 'headroom-';

/** The name of a group of this process, unlike that of any other process at any time. */
export function groupName(purpose: string): string {
  return `${prefix}${process.pid}-${startOf(process.pid) ?? 0}-${purpose}`;
}

/** Whether the process that a name belongs to has ended. False for names that are not of `groupName`. */
export function isStale(name: string): boolean {
  const [, pid, started] = /^headroom-(\d+)-(\d+)-/.exec(name) ?? [];
  return pid !== undefined && startOf(Number(pid)) !== Number(started);
}

/** Clock ticks from boot to the start of a process (proc(5), field 22): pids are used again, these pairs are not. */
function startOf(pid: number): number | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const text = read(path);
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
}
