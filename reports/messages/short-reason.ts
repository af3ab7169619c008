// The reason for the verdict on a type in a few words, for a banner; the whole one stands with its check.
import type { Finding } from '../../model/finding.ts';
import { formatBytes, formatHours, formatLatency, formatPercent, formatRate } from '../format/format.ts';
import type { CheckFindings } from '../schema/check-findings.ts';

type Short = { readonly [C in keyof CheckFindings]?: (figures: CheckFindings[C]) => string };

const shorts: Short = {
  'burst-cpu': ({ peakPerS, burstPerS, slo, atLeast, atMost }) =>
    `a peak of ${formatRate(peakPerS)} plus 20 % against ${slo ? `${atLeast ? 'at least ' : atMost ? 'less than ' : ''}${formatRate(burstPerS.value)} at the SLO` : `a burst of ${formatRate(burstPerS.value)}`}`,
  'credits-last': ({ percentOfBaseline }) => `its CPU credits may run out, at ${meanUse(percentOfBaseline)}`,
  'credits-run-out': ({ percentOfBaseline, hoursToThrottle, uncertain }) =>
    `its CPU credits ${uncertain ? 'may run out' : `run out after ${formatHours(hoursToThrottle)}`}, at ${meanUse(percentOfBaseline)}`,
  'memory-of-app': ({ neededBytes, guestBytes }) =>
    `it needs ${formatBytes(neededBytes)} of ${formatBytes(guestBytes)} of memory`,
  'memory-of-host': ({ neededBytes, guestBytes }) =>
    `it needs ${formatBytes(neededBytes)} of ${formatBytes(guestBytes)} of memory`,
  'burst-latency': ({ p99Us, broken }) => `p99 is ${formatLatency(p99Us)} with CPU credits, not ${broken.join(', ')}`,
  'sustained-latency': ({ p99Us, broken }) =>
    `p99 is ${formatLatency(p99Us)} without CPU credits, not ${broken.join(', ')}`,
};

/** Begins in small letters, to stand after a colon, where there is a short form. */
export function shortReason(because: Finding, textOf: (finding: Finding) => string): string {
  const short = shorts[because.code as keyof CheckFindings] as ((figures: never) => string) | undefined;
  return short ? short(because as never) : textOf(because);
}

function meanUse(percentOfBaseline: number): string {
  return `${formatPercent(percentOfBaseline)} of the baseline performance`;
}
