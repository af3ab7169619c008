// What changed during a run, in words: a command and its effect, the recovery after it, trends.
import { formatBytes, formatDuration, formatLatency } from '../format/format.ts';
import type { Judged, Trend } from '../schema/judged.ts';

/** For example `Latency returned to its level in "before" 4 s into "after"`. */
export function describeRecovery({ stage, reference, recovered, afterS }: NonNullable<Judged['recovery']>): string {
  if (!recovered) return `Latency did not return to its level in "${reference}" by the end of "${stage}"`;
  const when =
    afterS === undefined ? 'during' : afterS === 0 ? 'in the first second of' : `${formatDuration(afterS)} into`;
  return `Latency returned to its level in "${reference}" ${when} "${stage}"`;
}

/** For example `App memory grows by 34.3 MiB per hour (95 %: 30.1 MiB to 38.4 MiB)`. */
export function describeTrend({ metric, unit, perHour, changes }: Trend): string {
  const format = unit === 'bytes' ? formatBytes : formatLatency;
  const name = trendName(metric);
  const { value, low, high } = perHour;
  if (changes === 'none') {
    const signed = (each: number) => `${each < 0 ? '−' : '+'}${format(Math.abs(each))}`;
    return `${name} has no trend (95 %: ${signed(low)} to ${signed(high)} per hour)`;
  }
  const [least, most] = [Math.abs(low), Math.abs(high)].sort((a, b) => a - b) as [number, number];
  return `${name} ${changes} by ${format(Math.abs(value))} per hour (95 %: ${format(least)} to ${format(most)})`;
}

/** What a trend is of. */
export function trendName(metric: string): string {
  return { 'app.mem.rss': 'App memory', 'latency.p99': 'Latency p99' }[metric] ?? metric;
}

/** How a command ended, for example `ended with exit code 0 after 34 s`. */
export function describeEnd(end: {
  readonly durationS: number;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly stopped?: boolean;
}): string {
  const { durationS, exitCode, signal, stopped } = end;
  if (stopped) return `was stopped after ${formatDuration(durationS)}, before its end`;
  const how =
    exitCode !== undefined
      ? `ended with exit code ${exitCode}`
      : signal !== undefined
        ? `was terminated by ${signal}`
        : 'exited (status unknown)';
  return `${how} after ${formatDuration(durationS)}`;
}

/** What the busiest sample of the host is called: `second`, or `15 s` where samples are that long. */
export function sampleName(sampleS: number | undefined): string {
  return sampleS === undefined ? 'second' : formatDuration(sampleS);
}

/** Two figures closer than this are shown as one. */
const sameWithin = 0.02;

/** For example `rose from 31 % to 88 %`; without `from` `was 88 %`. */
export function describeChange(
  { from, to }: { readonly from?: number; readonly to: number },
  format: (value: number) => string,
): string {
  if (from === undefined) return `was ${format(to)}`;
  if (Math.abs(to - from) <= sameWithin * Math.max(Math.abs(to), Math.abs(from))) return `stayed at ${format(to)}`;
  return `${to > from ? 'rose' : 'fell'} from ${format(from)} to ${format(to)}`;
}
