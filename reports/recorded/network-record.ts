// How much of a type's bandwidth the recorded machine used.
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { networkMetrics } from '../../model/recorded/metric-name.ts';
import type { RecordedFile } from '../../model/recorded/recorded-file.ts';
import { joinMetric, type NetworkRecord, type RecordedSeries } from './join-metrics.ts';
import type { RecordCheck } from './record-checks.ts';

/** AWS: bursts last for 5 to 60 minutes, best effort (ec2-instance-network-bandwidth). */
const burstMs = { sure: 5 * 60_000, longest: 60 * 60_000 } as const;

/** Undefined when the files have no sum of bytes in a period. An average of CloudWatch is that of its samples, whose length it does not say. */
export function findNetwork(files: readonly RecordedFile[]): NetworkRecord | undefined {
  const series = Object.values(networkMetrics).flatMap((metric) => joinMetric(files, metric, 'sum') ?? []);
  if (series.length === 0) return undefined;
  return {
    series: series.map(({ begins, ends, values }) => ({
      begins,
      ends,
      values: values.map(
        (bytes, index) => (8 * bytes) / (1000 * ((ends[index] as number) - (begins[index] as number))),
      ),
    })),
  };
}

/** Whether the files have bytes at all. */
export function hasNetwork(files: readonly RecordedFile[]): boolean {
  const names: readonly string[] = Object.values(networkMetrics);
  return files.some(({ metrics }) => metrics.some(({ metric }) => names.includes(metric)));
}

/** Empty where bytes were not recorded, or the bandwidth of the type is not known. */
export function checkNetwork(
  record: NetworkRecord | undefined,
  { instanceType, network }: InstanceType,
): RecordCheck[] {
  if (!record || !network) return [];
  const [baselineMbps, burstMbps] = [1000 * network.baselineGbps, 1000 * network.burstGbps];
  const mostMbps = Math.max(
    ...record.series.map(({ values }) => values.reduce((most, each) => Math.max(most, each), 0)),
  );
  const longestMs = Math.max(...record.series.map((series) => longestAbove(series, baselineMbps)));
  const verdict =
    longestMs > burstMs.longest || mostMbps > burstMbps
      ? 'does-not-fit'
      : longestMs > burstMs.sure
        ? 'inconclusive'
        : 'fits';
  const because = {
    code: 'record-network',
    instanceType,
    mostMbps,
    baselineMbps,
    burstMbps,
    longestS: longestMs / 1000,
  } as const;
  return [{ limit: 'network', verdict, because }];
}

/** Of the periods above the limit that follow each other without a gap. */
function longestAbove({ begins, ends, values }: RecordedSeries, limitMbps: number): number {
  let [longest, since, until] = [0, 0, Number.NaN];
  for (let index = 0; index < values.length; index++) {
    if ((values[index] as number) <= limitMbps) continue;
    const begin = begins[index] as number;
    if (begin !== until) since = begin;
    until = ends[index] as number;
    longest = Math.max(longest, until - since);
  }
  return longest;
}
