// A running app on this machine, measured where it is: the processes that listen on a port, a process tree, or a unit of systemd.
import type { LocalApp } from './linux-reader.ts';
import { findListeners } from './proc/port-listeners.ts';
import { livingFamily } from './proc/process-family.ts';
import { hasProc, readGroups, readProcesses } from './proc/read-proc.ts';

/** Programs that pass connections on to a container, whose processes are not their children. */
const forwarders = new Set(['docker-proxy', 'rootlessport', 'slirp4netns', 'kubectl', 'ssh', 'sshd']);

/**
 * Which processes are the app; `unseen`: this system shows no processes; `hidden`: none that this user may see; `forwarded`: a program
 * that only passes connections on.
 */
type FoundApp =
  | LocalApp
  | { readonly missing: 'unseen' | 'hidden' }
  | { readonly missing: 'forwarded'; readonly by: string };

const searchEveryMs = 1000;

/** The processes that listen on a port. They are looked for again when one of them has ended, at most once a second. */
export function findAppOnPort(hostname: string, port: number, showsProcesses = hasProc): FoundApp {
  if (!showsProcesses) return { missing: 'unseen' };
  let pids = findListeners(hostname, port);
  if (pids.length === 0) return { missing: 'hidden' };
  const by = readProcesses().find(({ pid, comm }) => pids.includes(pid) && forwarders.has(comm))?.comm;
  if (by !== undefined) return { missing: 'forwarded', by };
  let searchedMs = performance.now();
  return {
    pids: () => {
      if (performance.now() - searchedMs < searchEveryMs) return pids;
      searchedMs = performance.now();
      const living = new Set(livingFamily(pids));
      if (!pids.every((pid) => living.has(pid))) pids = findListeners(hostname, port);
      return pids;
    },
  };
}

/** A process and its descendants; undefined when there is no such process. */
export function findAppOfPid(pid: number): LocalApp | undefined {
  return livingFamily([pid]).length > 0 ? { pids: () => [pid] } : undefined;
}

/** The processes in the control group of a systemd unit, like /system.slice/app.service, and in those below it. */
export function findAppOfGroup(group: string): LocalApp {
  const known = new Map<string, boolean>();
  const isMember = (pid: number, startedAtTicks: number): boolean => {
    const key = `${pid} ${startedAtTicks}`;
    const member = known.get(key) ?? isIn(group, readGroups(pid));
    known.set(key, member);
    return member;
  };
  return {
    pids: () => readProcesses().flatMap(({ pid, startedAtTicks }) => (isMember(pid, startedAtTicks) ? [pid] : [])),
  };
}

/** In the hierarchy of v2, or that of systemd with v1. */
function isIn(group: string, lines: string): boolean {
  return lines.split('\n').some((line) => {
    const path = /^(?:0:|\d+:name=systemd):(.*)$/.exec(line)?.[1];
    return path === group || path?.startsWith(`${group}/`) === true;
  });
}
