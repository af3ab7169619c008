// A target that dies in mid-run answers nothing any more. That says nothing about how it performed while it lived.
import type { RunRecord } from '../../model/run-record.ts';

/**
 * The number of the first stage of load from which on nothing was answered, although something had been before; undefined when
 * the target answered until the end, or never.
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
