// Reproducible randomness: xoshiro128** 1.1 (Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c).

/** A source of 32-bit integers, evenly distributed. */
export type Random = () => number;

const mask64 = (1n << 64n) - 1n;

/** The generator with its state filled from `seed` by SplitMix64, as its authors recommend; a whole number, below 2^53. */
export function seededRandom(seed: number): Random {
  const [low = 0n, high = 0n] = splitMix64(BigInt(seed));
  const half = (word: bigint, shift: bigint): number => Number((word >> shift) & 0xffffffffn);
  return xoshiro128StarStar([half(low, 0n), half(low, 32n), half(high, 0n), half(high, 32n)]);
}

/** The generator from a given state, which must not be all zeros. */
export function xoshiro128StarStar(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

/** Exponentially distributed with mean 1, by inversion; never infinite, since 0 is not drawn from (0, 1]. */
export function unitExponential(random: Random): number {
  // 53 bits of two draws: with 32 alone, short gaps would come in steps.
  const uniform = ((random() >>> 5) * 67_108_864 + (random() >>> 6) + 1) / 9_007_199_254_740_992;
  return -Math.log(uniform);
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** The first two outputs of SplitMix64 (https://prng.di.unimi.it/splitmix64.c). */
function splitMix64(seed: bigint): bigint[] {
  return [1n, 2n].map((step) => {
    let word = (seed + step * 0x9e3779b97f4a7c15n) & mask64;
    word = ((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n) & mask64;
    word = ((word ^ (word >> 27n)) * 0x94d049bb133111ebn) & mask64;
    return word ^ (word >> 31n);
  });
}
