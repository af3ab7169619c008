// Names of processes, as reports show them.
import type { Process } from './proc-process.ts';
import { readArgs } from './read-proc.ts';
import { needsArgs, serviceName } from './service-name.ts';

/** Names processes; a command line is read once, and again when the process has taken another program (exec). */
export function serviceNames(): (process: Process) => string {
  const known = new Map<number, { readonly startedAtTicks: number; readonly comm: string; readonly name: string }>();
  return ({ pid, startedAtTicks, comm, isKernelThread }) => {
    if (isKernelThread) return 'kernel';
    const found = known.get(pid);
    if (found?.startedAtTicks === startedAtTicks && found.comm === comm) return found.name;
    const name = serviceName(comm, needsArgs(comm) ? readArgs(pid) : []);
    known.set(pid, { startedAtTicks, comm, name });
    return name;
  };
}
