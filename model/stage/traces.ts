// The traced requests of a stage, from those of its parts.
import type { StageRecord } from './stage-record.ts';
import { sum } from './sums.ts';

const mostTraces = 20;

/** What several parts of a stage traced, as one; empty when none did. */
export function tracesOf(parts: readonly Pick<StageRecord, 'traces'>[]): Pick<StageRecord, 'traces'> {
  const each = parts.flatMap(({ traces }) => traces ?? []);
  if (each.length === 0) return {};
  const slowest = each.flatMap((part) => part.slowest).sort((a, b) => b.latencyUs - a.latencyUs);
  return { traces: { sampled: sum(each.map(({ sampled }) => sampled)), slowest: slowest.slice(0, mostTraces) } };
}
