import type { RunRecord } from '../../model/run-record.ts';
import type { MemoryKilled } from '../schema/check-findings.ts';

/** What the kernel killed of the app on its emulated instance, because the memory of that was full; undefined: nothing. */
export function killedOn({ outOfMemory, target: { instanceType } }: RunRecord): MemoryKilled | undefined {
  return outOfMemory && instanceType !== undefined ? { instanceType, ...outOfMemory } : undefined;
}
