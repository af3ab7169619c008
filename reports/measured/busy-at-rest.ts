// CPU that other processes used before the load began.
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { found } from '../schema/verdict-findings.ts';
import { mergeSummaries, restStages } from './program-use.ts';

/** A host that uses more than this before the load begins is not idle. */
const idleHostPercent = 20;
/** Nor is a figure in blocks trusted beside more: neighbours on the other cores make a request dearer, which no speed check shows in full. */
const mostBesideBlocksPercent = 30;

/** Undefined for an idle host, or without host metrics. */
export function findBusyAtRest(
  run: RunRecord,
  observed: Observed | undefined,
  mostPercent = idleHostPercent,
): Finding | undefined {
  const idle = mergeSummaries(restStages(run).map((stage) => observed?.stages[stage]?.metrics['system.cpu.idle']));
  if (!idle || 100 - idle.avg <= mostPercent) return undefined;
  return found('host-busy-at-rest', { usedPercent: 100 - idle.avg });
}

/** The same where it leaves no verdict: in a run whose figures are those of blocks on this machine. */
export function findBusyBesideBlocks(run: RunRecord, observed: Observed | undefined): Finding | undefined {
  const isInBlocks = run.stages.some(({ blocks }) => blocks !== undefined);
  return isInBlocks ? findBusyAtRest(run, observed, mostBesideBlocksPercent) : undefined;
}
