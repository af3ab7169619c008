/**
 * What the command ends with: what the signal says when the user stopped it, even between two runs that are whole; else 3 when a
 * threshold was missed, the first other failure, or 0.
 */
export function chooseExitCode(signal: AbortSignal, codes: readonly number[]): number {
  if (signal.aborted) return (signal.reason as { exitCode: number }).exitCode;
  return codes.find((code) => code === 3) ?? codes.find((code) => code !== 0) ?? 0;
}
