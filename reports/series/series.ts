// A figure over time: runs of samples without a gap between them, and fewer samples with the same peaks.

/** Seconds since the run began, and the value then. */
export type Sample = readonly [atS: number, value: number];
/** Unbroken stretches: a line is drawn within each, never across the gap between two. */
export type Series = readonly (readonly Sample[])[];

/** Splits samples where the next is further away than `gapS`. */
export function splitAtGaps<T>(samples: readonly T[], atS: (sample: T) => number, gapS: number): T[][] {
  const stretches: T[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    const stretch = stretches.at(-1);
    if (stretch && atS(sample) - last <= gapS) stretch.push(sample);
    else stretches.push([sample]);
    last = atS(sample);
  }
  return stretches;
}

/**
 * At most about `most` samples of all stretches together: of every group of neighbours the lowest and the highest stay, in
 * their order, so that no peak and no dip is lost. Samples are left out, never averaged.
 */
export function thin(series: Series, most: number): Series {
  const total = series.reduce((sum, stretch) => sum + stretch.length, 0);
  if (total <= most) return series;
  const groupSize = Math.ceil((2 * total) / most);
  return series.map((stretch) =>
    groups(stretch, groupSize).flatMap((group) => {
      const low = extreme(group, (a, b) => a < b);
      const high = extreme(group, (a, b) => a > b);
      if (low === high) return [low];
      return low[0] < high[0] ? [low, high] : [high, low];
    }),
  );
}

/** Neighbours in groups of `size`; the last may be smaller. */
export function groups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function extreme(group: readonly Sample[], better: (a: number, b: number) => boolean): Sample {
  const [first, ...rest] = group;
  if (!first) throw new Error('a group without samples');
  return rest.reduce((best, sample) => (better(sample[1], best[1]) ? sample : best), first);
}
