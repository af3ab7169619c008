// `--pair`: two running targets under the same seeded load, compared block by block.
import type { StopReason } from '../../../loadtest/run/load-plan.ts';
import { findInstanceType, type InstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { UserError } from '../../../model/user-error.ts';
import type { RunComparison } from '../../../reports/comparison/compare-runs.ts';
import { describeDifference } from '../../../reports/messages/metric-text.ts';
import { parseTarget } from '../../cli/target-url.ts';
import { commandFinding } from '../../messages.ts';
import type { FinishedRun } from './stress.ts';

type Flags = {
  readonly target?: string | undefined;
  readonly instance?: string | undefined;
  readonly instances?: string | undefined;
  readonly pair?: string | undefined;
  readonly pairInstance?: string | undefined;
  readonly pairOrder?: Pair['order'] | undefined;
  readonly shard?: string | undefined;
};

/** One of the two machines. */
export type Side = { readonly target: URL; readonly instance: InstanceType | undefined };
export type Pair = { readonly sides: readonly [Side, Side]; readonly order: 'abba' | 'at-once' };

/** One comparison of the two: `baseline` is the machine of --target, `candidate` that of --pair. */
export type Block = {
  readonly baseline: FinishedRun;
  readonly candidate: FinishedRun;
  readonly comparison: RunComparison;
  readonly reportDir: string;
};

/** The instance type of --target. Throws a UserError for an unknown type, or without --target. */
export function chooseInstance({ target, instance }: Flags): InstanceType | undefined {
  if (instance === undefined) return undefined;
  if (target === undefined)
    throw new UserError('--instance is the instance type of a --target. To emulate types here, use --instances');
  return findInstanceType(instance);
}

/** Both targets; undefined without --pair. `instance` is the type of the first one. */
export function choosePair(argv: Flags, instance = chooseInstance(argv)): Pair | undefined {
  const { target, pair, pairInstance, pairOrder: order = 'abba' } = argv;
  if (pair === undefined) {
    if (pairInstance !== undefined) throw new UserError('--pair-instance needs --pair');
    if (argv.pairOrder !== undefined) throw new UserError('--pair-order needs --pair');
    return undefined;
  }
  if (target === undefined) throw new UserError('--pair needs --target');
  if (argv.instances !== undefined || argv.shard !== undefined)
    throw new UserError('--pair cannot be combined with --instances or --shard');
  const first = { target: parseTarget('--target', target), instance };
  const second = {
    target: parseTarget('--pair', pair),
    instance: pairInstance === undefined ? undefined : findInstanceType(pairInstance),
  };
  if (first.target.href === second.target.href) throw new UserError('--pair and --target are the same URL. Give two');
  return { sides: [first, second], order };
}

export type PairedRuns = {
  readonly runs: readonly FinishedRun[];
  readonly blocks: readonly (readonly [FinishedRun, FinishedRun])[];
};

/** Runs both at the same time. When one fails, the other is stopped, and the failure is thrown when both have ended. */
async function runAtOnce(
  [a, b]: Pair['sides'],
  signal: AbortSignal,
  run: (side: Side, signal: AbortSignal) => Promise<FinishedRun>,
): Promise<readonly [FinishedRun, FinishedRun]> {
  const failed = new AbortController();
  const failures: unknown[] = [];
  const stop = AbortSignal.any([signal, failed.signal]);
  const guarded = (side: Side): Promise<FinishedRun> =>
    run(side, stop).catch((error) => {
      failures.push(error);
      failed.abort({ status: 'aborted', reason: commandFinding('other-run-failed') } satisfies StopReason);
      throw error;
    });
  const both = [guarded(a), guarded(b)] as const;
  await Promise.allSettled(both);
  // The second failure may be an effect of the stop.
  if (failures.length > 0) throw failures[0];
  return Promise.all(both);
}

/** Runs both; each block is a run on either machine. A run that was not made is in no block. */
export async function runPair(
  { sides, order }: Pair,
  signal: AbortSignal,
  run: (side: Side, signal: AbortSignal) => Promise<FinishedRun>,
): Promise<PairedRuns> {
  const results: FinishedRun[] = [];
  const pairs: (readonly [FinishedRun, FinishedRun])[] = [];
  if (order === 'at-once') {
    const both = await runAtOnce(sides, signal, run);
    results.push(...both);
    pairs.push(both);
  } else {
    const [a, b] = sides;
    for (const side of [a, b, b, a]) {
      if (!signal.aborted) results.push(await run(side, signal));
    }
    const [a1, b1, b2, a2] = results;
    if (a1 && b1) pairs.push([a1, b1]);
    if (a2 && b2) pairs.push([a2, b2]);
  }
  return { runs: results, blocks: pairs };
}

/** A line for each figure of each block. */
export function summarizeBlocks(blocks: readonly Block[]): string {
  return blocks
    .map(({ comparison, reportDir }, index) =>
      [
        `block ${index + 1}: ${comparison.candidate.label} against ${comparison.baseline.label}`,
        ...(comparison.differences.length === 0 ? ['  Too few seconds of load for an interval'] : []),
        ...comparison.differences.map(
          (each) => `  ${each.verdict === 'differs' ? 'differs  ' : 'not shown'}  ${describeDifference(each)}`,
        ),
        `  comparison: ${reportDir}/index.html`,
      ].join('\n'),
    )
    .join('\n');
}

/** The same for programs. */
export function describeBlocks(blocks: readonly Block[]): object[] {
  return blocks.map(({ baseline, candidate, comparison, reportDir }) => ({
    baseline: baseline.run.id,
    candidate: candidate.run.id,
    decision: comparison.decision,
    differences: comparison.differences,
    byStage: comparison.byStage,
    comparison: reportDir,
  }));
}
