// `--metrics datadog`: host metrics pulled from Datadog after the run, as samples like those of any other source.

import type { Finding } from '../../model/finding.ts';
import { hostMetrics } from '../../model/metric.ts';
import type { HostLine } from '../../model/second.ts';
import type { PullDocument } from '../query/pull-document.ts';
import { type PullOptions, pullMetrics } from './pull.ts';

/** The samples of a window in order of time; `hint` says why metrics may be missing. */
export async function datadogSamples(
  options: Omit<PullOptions, 'queries'>,
): Promise<{ readonly lines: HostLine[]; readonly hint?: Finding; readonly instanceType?: string }> {
  const { document } = await pullMetrics(options);
  const { hint, instanceType } = document;
  return {
    lines: samplesOf(document),
    ...(hint !== undefined && { hint }),
    ...(instanceType !== undefined && { instanceType }),
  };
}

/** One sample per bucket with all metrics that have a point in it. */
function samplesOf({ host, series }: Pick<PullDocument, 'host' | 'series'>): HostLine[] {
  const samples = new Map<string, HostLine>();
  for (const { metric, intervalS, points } of series) {
    if (!(metric in hostMetrics)) continue;
    for (const [begin, value] of points) {
      // A sample has the time of its end, a bucket that of its begin.
      const at = new Date(Date.parse(begin) + intervalS * 1000).toISOString();
      const key = `${at} ${intervalS}`;
      const sample = samples.get(key) ?? { kind: 'host', at, source: 'datadog', host, intervalS, metrics: {} };
      sample.metrics[metric] = value;
      samples.set(key, sample);
    }
  }
  return [...samples.values()].sort((a, b) => a.at.localeCompare(b.at));
}
