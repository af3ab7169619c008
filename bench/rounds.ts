// How benches measure and print: in turn, round by round, with medians.

/** Prints a line under the title of the bench. */
export function print(line: string): void {
  process.stdout.write(`   ${line}\n`);
}

/** Measures each in turn, in so many rounds after one that warms up and is left out. */
export async function inTurn<Name extends string, Measured>(
  rounds: number,
  measures: Readonly<Record<Name, () => Promise<Measured>>>,
): Promise<Record<Name, Measured[]>> {
  const names = Object.keys(measures) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Measured[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const measured = await measures[name]();
      if (round > 0) found[name].push(measured);
    }
  }
  return found;
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The median of the ratios of values of the same round. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}
