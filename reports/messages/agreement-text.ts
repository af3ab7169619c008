// How two sources of the host's figures agree, in words.
import { hostMetrics } from '../../model/metric.ts';
import type { Agreement, Observed } from '../../model/observed.ts';
import { formatCount, formatDuration, formatValue } from '../format/format.ts';

/** Below this the two figures move too differently for a lag to mean anything. */
const likeness = 0.5;

/** One sentence for each pair of sources and figure. */
export function describeAgreements(observed: Observed | undefined): string[] {
  const hosts = new Map(observed?.sources.map(({ source, host }) => [source, host]));
  const isOne = new Set(hosts.values()).size === 1;
  const name = (source: string) => (isOne ? source : `${source} (${hosts.get(source)})`);
  return (observed?.agreements ?? []).map((each) => describe(each, name(each.other), name(each.reference)));
}

function describe({ metric, bias, lagS, correlation, samples }: Agreement, other: string, reference: string): string {
  const unit = hostMetrics[metric] ?? 'count';
  const size = formatValue(Math.abs(bias), unit);
  const distance = size === '0' ? 'the same as' : `${size} ${bias > 0 ? 'higher' : 'lower'} than`;
  const likened = correlation === undefined ? '' : `, correlation ${correlation.toFixed(2)}`;
  return `${metric}: by ${other} ${distance} by ${reference} on average, ${lag(lagS, correlation)} (${formatCount(samples)} samples${likened})`;
}

function lag(lagS: number | undefined, correlation = 0): string {
  if (lagS === undefined) return 'too steady to tell whether one is late';
  if (correlation < likeness) return 'too unlike to tell whether one is late';
  if (lagS === 0) return 'at the same time';
  return `${formatDuration(Math.abs(lagS))} ${lagS > 0 ? 'later' : 'earlier'}`;
}
