// What changed during a run, in words: a command and its effect, the recovery after it, trends.
import { formatBytes, formatDuration, formatLatency, formatPercent, formatRate } from '../format/format.ts';
import type { CommandEffect, Judged, Moment, Trend } from '../schema/judged.ts';

/** For example `latency was back at that of "before" after 4 s of "after"`. */
export function describeRecovery({ stage, reference, recovered, afterS }: NonNullable<Judged['recovery']>): string {
  if (!recovered) return `latency was not back at that of "${reference}" by the end of "${stage}"`;
  const when =
    afterS === undefined ? 'in the course' : afterS === 0 ? 'from the first second' : `after ${formatDuration(afterS)}`;
  return `latency was back at that of "${reference}" ${when} of "${stage}"`;
}

/** For example `memory of the app grows by 34.3 MiB an hour (95 %: 30.1 MiB to 38.4 MiB)`. */
export function describeTrend({ metric, unit, perHour, changes }: Trend): string {
  const format = unit === 'bytes' ? formatBytes : formatLatency;
  const name = trendName(metric);
  const { value, low, high } = perHour;
  if (changes === 'none') {
    const signed = (each: number) => `${each < 0 ? '−' : '+'}${format(Math.abs(each))}`;
    return `${name} has no trend (95 %: ${signed(low)} to ${signed(high)} an hour)`;
  }
  const [least, most] = [Math.abs(low), Math.abs(high)].sort((a, b) => a - b) as [number, number];
  return `${name} ${changes} by ${format(Math.abs(value))} an hour (95 %: ${format(least)} to ${format(most)})`;
}

/** What a trend is of. */
export function trendName(metric: string): string {
  return { 'app.mem.rss': 'memory of the app', 'latency.p99': 'latency p99' }[metric] ?? metric;
}

/** For example `ended with exit code 0 after 34 s`. */
export function describeEnd({ durationS, exitCode, signal }: CommandEffect['command']): string {
  const how =
    exitCode !== undefined
      ? `ended with exit code ${exitCode}`
      : signal !== undefined
        ? `was ended by ${signal}`
        : 'ended, nobody knows how,';
  return `${how} after ${formatDuration(durationS)}`;
}

/** The third question's answer: what the command did to CPU, latency and throughput, and what stayed of it. */
export function describeEffect(
  { command, before, during, after }: CommandEffect,
  recovery: Judged['recovery'],
): string {
  const sentences = [`"${command.line}" ran beside the load and ${describeEnd(command)}.`];
  const cpu = change(before, during, (each) => each.cpuPercent, formatPercent);
  const busiest =
    during.busiestCpuPercent === undefined
      ? ''
      : `; in its busiest second ${formatPercent(during.busiestCpuPercent)} of the CPU was in use`;
  sentences.push(
    cpu === undefined
      ? 'What it did to the CPU is not known: the host was not observed meanwhile.'
      : `Meanwhile the CPU (user and system) ${cpu}${busiest}.`,
  );
  const parts = [
    named(
      'latency p50',
      change(before, during, (each) => each.latencyUs?.p50, formatLatency),
    ),
    named(
      'p99',
      change(before, during, (each) => each.latencyUs?.p99, formatLatency),
    ),
    named(
      'throughput',
      change(before, during, (each) => each.throughputPerS, formatRate),
    ),
  ].filter((part) => part !== undefined);
  if (parts.length > 0) sentences.push(`${parts.join(', ')}.`.replace(/^./, (letter) => letter.toUpperCase()));
  if (after?.cpuPercent !== undefined) {
    const p99 = after.latencyUs ? ` and p99 ${formatLatency(after.latencyUs.p99)}` : '';
    sentences.push(`Afterwards the CPU was at ${formatPercent(after.cpuPercent)}${p99}.`);
  }
  if (recovery && after && recovery.stage === after.stage) {
    sentences.push(`${describeRecovery(recovery).replace(/^./, (letter) => letter.toUpperCase())}.`);
  }
  return sentences.join(' ');
}

function named(name: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${name} ${text}`;
}

/** Less than this apart, two figures are told as one. */
const sameWithin = 0.02;

function change(
  before: Moment | undefined,
  during: Moment,
  pick: (moment: Moment) => number | undefined,
  format: (value: number) => string,
): string | undefined {
  const to = pick(during);
  const from = before && pick(before);
  if (to === undefined) return undefined;
  if (from === undefined) return `was ${format(to)}`;
  if (Math.abs(to - from) <= sameWithin * Math.max(Math.abs(to), Math.abs(from))) return `stayed at ${format(to)}`;
  return `${to > from ? 'rose' : 'fell'} from ${format(from)} to ${format(to)}`;
}
