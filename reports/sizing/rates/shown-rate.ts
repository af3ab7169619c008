// The rate of a type that pages show: measured with its interval, else predicted.
import type { SizingRecord } from '../../schema/sizing-record.ts';
import type { Estimate } from '../../series/regression.ts';

export type ShownRate = {
  readonly measured?: Estimate;
  readonly predicted?: Estimate;
};

/** Both, as far as a sizing has them; records of earlier versions have no interval of a measured rate. */
export function shownRate(type: SizingRecord['types'][number], state: 'burst' | 'sustained'): ShownRate {
  const isBurst = state === 'burst';
  const value = isBurst ? type.measuredBurstPerS : type.measuredSustainedPerS;
  const predicted = isBurst ? type.burstPerS : type.sustainedPerS;
  const { low = value, high = value } = (isBurst ? type.measuredBurst : type.measuredSustained) ?? {};
  return {
    ...(value !== undefined && low !== undefined && high !== undefined && { measured: { value, low, high } }),
    ...(predicted && { predicted }),
  };
}
