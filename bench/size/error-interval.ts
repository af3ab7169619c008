// The interval that the errors of predictions give, and how it is printed.

export const wantedShare = 0.9;
/** Slightly wider than the wanted share, so that what was left out is held too. */
const tail = 0.04;

export type Interval = { readonly value: number; readonly low: number; readonly high: number };

export function interval(errors: readonly number[]): Interval {
  const sorted = [...errors].sort((a, b) => a - b);
  const at = (share: number) => Number(Math.exp(quantileOf(sorted, share)).toFixed(3));
  return { value: at(0.5), low: at(tail), high: at(1 - tail) };
}

export function quantileOf(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export function print(line: string): void {
  process.stdout.write(`   ${line}\n`);
}
