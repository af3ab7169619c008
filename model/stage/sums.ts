// Counts added up.
import type { Outcomes } from '../second.ts';

/** Adds outcomes up. */
export function sumOutcomes(parts: readonly Outcomes[]): Outcomes {
  return {
    ok: sum(parts.map((part) => part.ok)),
    unexpectedStatus: sum(parts.map((part) => part.unexpectedStatus)),
    timeout: sum(parts.map((part) => part.timeout)),
    connectionError: sum(parts.map((part) => part.connectionError)),
  };
}

/** Requests that ended otherwise than expected. */
export function countErrors({ unexpectedStatus, timeout, connectionError }: Outcomes): number {
  return unexpectedStatus + timeout + connectionError;
}

/** The same as a share of those that ended. */
export function errorShare(outcomes: Outcomes): number {
  const errors = countErrors(outcomes);
  return errors / Math.max(1, outcomes.ok + errors);
}

/** With a larger share of errors the CPU did something else than answer: a rate of answers is no capacity then. */
export const mostErrors = 0.05;

/** Adds records up, key by key. */
export function sumByKey(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const record of records)
    for (const [key, value] of Object.entries(record)) total[key] = (total[key] ?? 0) + value;
  return total;
}

/** Adds numbers up. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
