// From values to states: thresholds, recovery thresholds and missing data.

import type { Evaluation } from '../query/evaluate-query.ts';
import { compares } from '../query/query.ts';
import type { MonitorDefinition } from './definition.ts';

type MonitorState = 'OK' | 'Warn' | 'Alert' | 'No Data';
export type StateChange = {
  readonly atMs: number;
  readonly from: MonitorState;
  readonly to: MonitorState;
  /** Absent when there is no data. */
  readonly value?: number;
  /** The threshold that was crossed. */
  readonly limit?: number;
};

/** The state changes of one group. The first state is OK. `emptyValue` is the value of a window without data, where Datadog has one. */
export function stateChanges(
  definition: Pick<MonitorDefinition, 'comparator' | 'thresholds' | 'missingData'>,
  evaluations: readonly Evaluation[],
  emptyValue?: number,
): StateChange[] {
  const changes: StateChange[] = [];
  let state: MonitorState = 'OK';
  for (const { atMs, ...evaluated } of evaluations) {
    const value = evaluated.value ?? (definition.missingData === 'ignore' ? emptyValue : undefined);
    const next: Judged = value === undefined ? missing(definition, state) : judged(definition, state, value);
    if (next.state !== state) {
      changes.push({
        atMs,
        from: state,
        to: next.state,
        ...(value !== undefined && { value }),
        ...(next.limit !== undefined && { limit: next.limit }),
      });
    }
    state = next.state;
  }
  return changes;
}

type Judged = { readonly state: MonitorState; readonly limit?: number };

function judged(
  { comparator, thresholds }: Parameters<typeof stateChanges>[0],
  state: MonitorState,
  value: number,
): Judged {
  const { critical, warning, criticalRecovery, warningRecovery } = thresholds;
  const beyond = (limit: number | undefined) => limit !== undefined && compares(value, comparator, limit);
  if (beyond(critical)) return { state: 'Alert', limit: critical };
  if (state === 'Alert' && beyond(criticalRecovery)) return { state };
  const alertEnd = criticalRecovery ?? critical;
  if (warning !== undefined) {
    if (beyond(warning)) return { state: 'Warn', limit: state === 'Alert' ? alertEnd : warning };
    if (state === 'Warn' && beyond(warningRecovery)) return { state };
  }
  if (state === 'Alert') return { state: 'OK', limit: alertEnd };
  const warningEnd = warningRecovery ?? warning;
  return { state: 'OK', ...(state === 'Warn' && warningEnd !== undefined && { limit: warningEnd }) };
}

/** Without data a monitor keeps its state, unless it notifies of missing data. */
function missing({ missingData }: Parameters<typeof stateChanges>[0], state: MonitorState): Judged {
  return { state: missingData === 'notify' ? 'No Data' : state };
}
