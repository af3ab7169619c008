// `--pair`: two machines that stand there already, under the same seeded schedule, and what tells them apart block by block.

import type { Argv } from 'yargs';
import type { StopReason } from '../../loadtest/run/load-plan.ts';
import { findInstanceType, type InstanceType } from '../../model/instance-catalogue.ts';
import { UserError } from '../../model/user-error.ts';
import type { RunComparison } from '../../reports/comparison/compare-runs.ts';
import { describeDifference } from '../../reports/messages/metric-text.ts';
import { parseTarget } from '../cli/target-url.ts';
import { commandFinding } from '../messages.ts';
import type { StressResult } from './stress.ts';

type Flags = {
  readonly target?: string | undefined;
  readonly instance?: string | undefined;
  readonly instances?: string | undefined;
  readonly pair?: string | undefined;
  readonly pairInstance?: string | undefined;
  readonly pairOrder: 'abba' | 'at-once';
  readonly shard?: string | undefined;
};

/** One of the two machines. */
export type Side = { readonly target: URL; readonly instance: InstanceType | undefined };
export type Pair = { readonly sides: readonly [Side, Side]; readonly order: 'abba' | 'at-once' };

/** One comparison of the two: `baseline` is the machine of --target, `candidate` that of --pair. */
export type Block = {
  readonly baseline: StressResult;
  readonly candidate: StressResult;
  readonly comparison: RunComparison;
  readonly reportDir: string;
};

/** Declares the flags to yargs. */
export const pairFlags = <Given>(yargs: Argv<Given>) =>
  yargs
    .option('instance', {
      type: 'string',
      requiresArg: true,
      describe: 'the type of the machine of --target, like t2.medium',
    })
    .option('pair', {
      type: 'string',
      requiresArg: true,
      describe: 'a second target, to compare with: the same load goes to both (--allow-host A,B allows two)',
    })
    .option('pair-instance', {
      type: 'string',
      requiresArg: true,
      describe: 'the type of the machine of --pair, like t2.micro',
    })
    .option('pair-order', {
      choices: ['abba', 'at-once'] as const,
      default: 'abba' as const,
      describe: 'A, B, B, A, one after the other, so that what drifts meets both; or both at the same time',
    });

/** The type of the machine of --target; a UserError when it is not known, or there is no --target. */
export function chooseInstance({ target, instance }: Flags): InstanceType | undefined {
  if (instance === undefined) return undefined;
  if (target === undefined)
    throw new UserError('--instance says what the machine of --target is; --instances emulates types here');
  return findInstanceType(instance);
}

/** The two machines; undefined without --pair. */
export function choosePair(argv: Flags): Pair | undefined {
  const { target, pair, pairInstance, pairOrder: order } = argv;
  if (pair === undefined) {
    if (pairInstance !== undefined) throw new UserError('--pair-instance says what the machine of --pair is');
    return undefined;
  }
  if (target === undefined) throw new UserError('--pair is compared with --target: give both');
  if (argv.instances !== undefined || argv.shard !== undefined)
    throw new UserError('--pair takes two machines as they are: without --instances and --shard');
  const first = { target: parseTarget('--target', target), instance: chooseInstance(argv) };
  const second = {
    target: parseTarget('--pair', pair),
    instance: pairInstance === undefined ? undefined : findInstanceType(pairInstance),
  };
  if (first.target.href === second.target.href) throw new UserError('--pair is the same address as --target');
  return { sides: [first, second], order };
}

/** Runs both at the same time; when one fails the other is stopped, and the failure thrown once nothing runs any more. */
async function runAtOnce(
  [a, b]: Pair['sides'],
  signal: AbortSignal,
  run: (side: Side, signal: AbortSignal) => Promise<StressResult>,
): Promise<readonly [StressResult, StressResult]> {
  const failed = new AbortController();
  const failures: unknown[] = [];
  const stop = AbortSignal.any([signal, failed.signal]);
  const guarded = (side: Side): Promise<StressResult> =>
    run(side, stop).catch((error) => {
      failures.push(error);
      failed.abort({ status: 'aborted', reason: commandFinding('other-run-failed') } satisfies StopReason);
      throw error;
    });
  const both = [guarded(a), guarded(b)] as const;
  await Promise.allSettled(both);
  // The other one may have failed by being stopped.
  if (failures.length > 0) throw failures[0];
  return Promise.all(both);
}

/** Runs both, and compares them block by block; what was cut off is in no block. */
export async function runPair(
  { sides, order }: Pair,
  signal: AbortSignal,
  run: (side: Side, signal: AbortSignal) => Promise<StressResult>,
): Promise<{ readonly results: readonly StressResult[]; readonly blocks: readonly Block[] }> {
  const results: StressResult[] = [];
  const pairs: (readonly [StressResult, StressResult])[] = [];
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
  const { writeComparison } = await import('../../reports/write.ts');
  const blocks: Block[] = [];
  for (const [baseline, candidate] of pairs)
    blocks.push({
      baseline,
      candidate,
      ...(await writeComparison(baseline.dir, candidate.dir, { takeUnlike: true })),
    });
  return { results, blocks };
}

/** A line for each figure of each block. */
export function summarizeBlocks(blocks: readonly Block[]): string {
  return blocks
    .map(({ comparison, reportDir }, index) =>
      [
        `block ${index + 1}: ${comparison.candidate.label} against ${comparison.baseline.label}`,
        ...(comparison.differences.length === 0 ? ['  too few seconds of load for an interval'] : []),
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
