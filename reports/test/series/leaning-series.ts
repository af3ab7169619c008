// Series whose values lean on each other, as the seconds of a run do.
import { bootstrapInterval } from '../../series/bootstrap.ts';

/** An AR(1) series, the same for the same seed: each value leans on the one before it. */
export function series(seed: number, n: number, phi: number, mean = 0): number[] {
  let state = seed * 7919 + 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  for (let skip = 0; skip < 20; skip++) uniform();
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  let value = normal() / Math.sqrt(1 - phi * phi);
  return Array.from({ length: n }, () => {
    value = phi * value + normal();
    return mean + value;
  });
}

const meanOf = (values: readonly number[], weights: Float64Array | undefined) =>
  values.reduce((sum, value, index) => sum + value * (weights?.[index] ?? 0), 0) / values.length;

/** The interval of the difference of their means. */
export const difference = (a: readonly number[], b: readonly number[], seed: number) =>
  bootstrapInterval([[{ series: a }], [{ series: b }]], ([wa, wb]) => meanOf(b, wb?.[0]) - meanOf(a, wa?.[0]), seed);
