// `--metrics datadog`: the host as Datadog saw it, pulled when the run is over, as samples like those of any other source.
import { hostMetrics } from '../../model/metric.ts';
import type { HostLine } from '../../model/second.ts';
import { type PullDocument, type PullOptions, pullMetrics } from './pull.ts';

/** The samples of a window, in order of time, and what to tell the user when something is missing. */
export async function datadogSamples(
  options: Omit<PullOptions, 'queries'>,
): Promise<{ readonly lines: HostLine[]; readonly hint?: string; readonly instanceType?: string }> {
  const { document } = await pullMetrics(options);
  const { hint, instanceType } = document;
  return {
    lines: samplesOf(document),
    ...(hint !== undefined && { hint }),
    ...(instanceType !== undefined && { instanceType }),
  };
}

/** The points of a pull by bucket: one sample for all metrics that have a point in it. */
export function samplesOf({ host, series }: PullDocument): HostLine[] {
  const samples = new Map<string, HostLine>();
  for (const { metric, intervalS, points } of series) {
    if (!(metric in hostMetrics)) continue;
    for (const [begin, value] of points) {
      // A sample bears the time at its end, a bucket that at its begin.
      const at = new Date(Date.parse(begin) + intervalS * 1000).toISOString();
      const key = `${at} ${intervalS}`;
      const sample = samples.get(key) ?? { kind: 'host', at, source: 'datadog', host, intervalS, metrics: {} };
      sample.metrics[metric] = value;
      samples.set(key, sample);
    }
  }
  return [...samples.values()].sort((a, b) => a.at.localeCompare(b.at));
}
