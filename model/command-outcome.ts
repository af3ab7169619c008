// How a command beside the load ended, as far as it decides whether it answers anything.
import type { CommandRecord } from './run-record.ts';

/** Fewer requests beside a command say nothing about latency and errors. */
export const fewestBeside = 100;

/** Whether it failed by itself: neither headroom stopped it, nor did the instance lack memory for it, which is an answer. */
export function hasFailed({ exitCode, stopped, outOfMemory }: CommandRecord): boolean {
  return exitCode !== 0 && !stopped && !outOfMemory;
}
