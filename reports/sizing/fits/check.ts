// One check of a verdict and its result.

import type { CheckFindings, MissingDemandFindings } from '../../schema/check-findings.ts';
import type { SizingFinding } from '../../schema/sizing-findings.ts';

export type SizeVerdict = 'fits' | 'does-not-fit' | 'inconclusive';
export type SizeLimit = 'memory' | 'burst-cpu' | 'credits' | 'network' | 'latency' | 'measurement';

export type Check = {
  readonly limit: SizeLimit;
  readonly verdict: SizeVerdict;
  readonly because: SizingFinding<keyof CheckFindings | keyof MissingDemandFindings>;
  /** For a type that fits: which share of the resource is used. */
  readonly used?: number;
};

/** A measurement that leaves the verdict inconclusive. */
export function notMeasured(because: Check['because']): Check {
  return { limit: 'measurement', verdict: 'inconclusive', because };
}
