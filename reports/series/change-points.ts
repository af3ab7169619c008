// Where a history of figures changes its level: E-divisive means, as MongoDB and Hunter find changes of performance over builds.
// Matteson and James, A nonparametric approach for multiple change point analysis of multivariate data, JASA 109 (2014).

export type ChangePoint = {
  /** Place of the first value of the new level. */
  readonly at: number;
  /** Means of the levels before and after. */
  readonly before: number;
  readonly after: number;
  /** Share of shuffled histories that look as much like a change. */
  readonly p: number;
};

/** A level shorter than this cannot be distinguished from an outlier. */
const shortest = 3;
const shuffles = 399;
/** Several figures are looked at, and every change is looked for on both sides of it again: one in twenty would be too many alarms. */
const significance = 0.02;
/** Fewer values have too few orders for a chance of one in fifty. */
export const fewestRuns = 10;

/** The changes of level in their order; the same values always give the same answer. */
export function findChangePoints(values: readonly number[]): readonly ChangePoint[] {
  const random = xorshift(values.length + 1);
  const cuts = split(values, 0, random).sort((a, b) => a.at - b.at);
  const edges = [0, ...cuts.map(({ at }) => at), values.length];
  const mean = (from: number, to: number) => values.slice(from, to).reduce((sum, each) => sum + each, 0) / (to - from);
  return cuts.map(({ at, p }, index) => ({
    at,
    before: mean(edges[index] ?? 0, at),
    after: mean(at, edges[index + 2] ?? values.length),
    p,
  }));
}

type Cut = { readonly at: number; readonly p: number };

function split(values: readonly number[], offset: number, random: () => number): Cut[] {
  if (values.length < fewestRuns) return [];
  const best = strongest(values);
  let asStrong = 0;
  for (let round = 0; round < shuffles; round++) if (strongest(shuffle(values, random)).q >= best.q) asStrong++;
  const p = (asStrong + 1) / (shuffles + 1);
  if (best.q <= 0 || p > significance) return [];
  return [
    ...split(values.slice(0, best.at), offset, random),
    { at: offset + best.at, p },
    ...split(values.slice(best.at), offset + best.at, random),
  ];
}

/** The cut whose two sides are furthest apart, by their energy distance; sums are carried along, so all cuts take n² steps. */
function strongest(values: readonly number[]): { readonly at: number; readonly q: number } {
  const n = values.length;
  const distance = (a: number, b: number) => Math.abs((values[a] as number) - (values[b] as number));
  let [left, across, right] = [0, 0, 0];
  for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) right += distance(a, b);
  let best = { at: 0, q: Number.NEGATIVE_INFINITY };
  for (let cut = 1; cut < n; cut++) {
    // The value before the cut goes from the right side to the left one.
    const moved = cut - 1;
    for (let other = 0; other < n; other++) {
      if (other === moved) continue;
      const each = distance(moved, other);
      if (other < moved) {
        left += each;
        across -= each;
      } else {
        right -= each;
        across += each;
      }
    }
    if (cut < shortest || n - cut < shortest) continue;
    const m = n - cut;
    const q =
      ((cut * m) / n) *
      ((2 * across) / (cut * m) - (2 * left) / Math.max(1, cut * (cut - 1)) - (2 * right) / Math.max(1, m * (m - 1)));
    if (q > best.q) best = { at: cut, q };
  }
  return best;
}

function shuffle(values: readonly number[], random: () => number): number[] {
  const mixed = [...values];
  for (let index = mixed.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [mixed[index], mixed[other]] = [mixed[other] as number, mixed[index] as number];
  }
  return mixed;
}

/** Marsaglia's xorshift32: enough to shuffle with, and the same everywhere. */
function xorshift(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
