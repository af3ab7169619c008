// A target that died during the run: what follows says nothing about how it performed before.
import type { RunRecord } from '../../model/run-record.ts';

/**
 * The number of the first stage of load from which on no request was answered, although some were before; undefined when the target
 * answered until the end, or never.
 */
export function findTargetDeath(run: RunRecord): number | undefined {
  const answered = run.stages.findLastIndex((stage) => stage.requests.completed > 0);
  if (answered < 0) return undefined;
  const dead = run.stages.findIndex(
    (stage, index) =>
      index > answered && stage.role !== 'idle' && stage.outcomes.connectionError + stage.outcomes.timeout > 0,
  );
  return dead < 0 ? undefined : dead;
}
