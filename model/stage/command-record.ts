// A command beside the load, and how it ended as far as that decides whether it answers anything.
import * as z from 'zod';

const count = z.number().int().nonnegative();

/** A command that ran beside the load. */
export const commandSchema = z.object({
  /** As the user gave it. */
  line: z.string(),
  startedAt: z.iso.datetime(),
  durationS: z.number().nonnegative(),
  /** Absent when a signal ended it. */
  exitCode: z.number().int().exactOptional(),
  /** Absent when it ended by itself. */
  signal: z.string().exactOptional(),
  /** headroom ended it: with its stage, or with the run. */
  stopped: z.literal(true).exactOptional(),
  /** CPU time of all its processes; absent when it is not known. */
  cpuS: z.number().nonnegative().exactOptional(),
  /** The most memory that its processes were seen to use together, without what they share; absent when none was seen. */
  memoryBytes: count.exactOptional(),
  /** Of an emulated instance: processes that the kernel killed meanwhile because its memory was full; absent: none. */
  outOfMemory: count.exactOptional(),
  /** Share of this machine's CPU, 0 to 1, that neither headroom nor the command used meanwhile, and the busiest programs of that. */
  takenShare: z.number().min(0).max(1).exactOptional(),
  takers: z.array(z.string()).readonly().exactOptional(),
  /** Of an emulated instance: whole cores that it ran on. */
  vcpus: z.number().positive().exactOptional(),
});
export type CommandRecord = z.infer<typeof commandSchema>;

/** Fewer requests beside a command say nothing about latency and errors. */
export const fewestBeside = 100;

/** Whether it failed by itself: neither headroom stopped it, nor did the instance lack memory for it, which is an answer. */
export function hasFailed({ exitCode, stopped, outOfMemory }: CommandRecord): boolean {
  return exitCode !== 0 && !stopped && !outOfMemory;
}
