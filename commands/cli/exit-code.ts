import type { RunComparison } from '../../reports/comparison/compare-runs.ts';

/**
 * What the command ends with: what the signal says when the user stopped it, even between two runs that are whole; else 3 when a
 * threshold was missed, the first other failure, or 0.
 */
export function chooseExitCode(signal: AbortSignal, codes: readonly number[]): number {
  if (signal.aborted) return (signal.reason as { exitCode: number }).exitCode;
  return codes.find((code) => code === 3) ?? codes.find((code) => code !== 0) ?? 0;
}

export const failOnFlag = {
  choices: ['worse'],
  requiresArg: true,
  describe: 'Exit with code 3 when the comparison got worse (default: with 0).',
} as const;

type FailOn = (typeof failOnFlag.choices)[number] | undefined;

/** What a comparison ends with: 3 where it got worse, by a margin or at all, and that is to fail; else its own code. */
export function comparisonExitCode({ decision, exitCode }: RunComparison, failOn: FailOn): number {
  return failOn === 'worse' && decision.verdict === 'fail' ? 3 : exitCode;
}

/** The same of the blocks of a pair: they have to agree that it got worse; 4 when they do not. Without `failOn` they are informational. */
export function blocksExitCode(blocks: readonly { readonly comparison: RunComparison }[], failOn: FailOn): number {
  if (failOn === undefined) return 0;
  const worse = blocks.filter(({ comparison }) => comparison.decision.verdict === 'fail');
  return worse.length === 0 ? 0 : worse.length === blocks.length ? 3 : 4;
}
