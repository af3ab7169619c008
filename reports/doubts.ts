// What a careful reader would ask about a run that is valid all the same.
import type { Observed } from '../model/observed.ts';
import type { RunRecord } from '../model/run-record.ts';
import { mergeSummaries, restStages } from './box-cost.ts';
import { formatCount, formatPercent } from './format.ts';
import type { Measured } from './judged.ts';

/** A machine that uses more than this before the load begins gives its figures in company. */
const quietPercent = 20;
/** A percentile needs answers beyond it: below this, p99 is one of the ten slowest. */
const fewAnswers = 1000;

/** Says that the machine was busy before the load began; undefined for a quiet one, or when nobody looked. */
export function describeBusyAtRest(run: RunRecord, observed: Observed | undefined): string | undefined {
  const idle = mergeSummaries(restStages(run).map((stage) => observed?.stages[stage]?.metrics['system.cpu.idle']));
  if (!idle || 100 - idle.avg <= quietPercent) return undefined;
  return `before the load began, ${formatPercent(100 - idle.avg)} of the CPU was in use already: other programs share in these figures; repeat the run on a quiet machine, or read them as those of a busy one`;
}

/** Doubts in plain words, each with what it means for the figures. */
export function findDoubts(run: RunRecord, measured: Measured): readonly string[] {
  const doubts: string[] = [];
  const answers = measured.latencyUs?.count;
  if (answers !== undefined && answers < fewAnswers) {
    doubts.push(
      `The percentiles rest on ${formatCount(answers)} answers: p99 is one of the slowest ${formatCount(Math.max(1, Math.ceil(answers / 100)))}. Run longer to be surer.`,
    );
  }
  if (run.target.startedByHarness) {
    doubts.push(
      'The load generator runs on the same machine as the app and takes part of its CPU: a machine that serves alone does better.',
    );
  }
  return doubts;
}
