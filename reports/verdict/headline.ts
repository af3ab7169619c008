// The verdict in one sentence.
import type { Finding } from '../../model/finding.ts';
import type { Validity } from '../../model/run-record.ts';
import type { ThresholdResult } from '../../model/threshold.ts';
import {
  formatCount,
  formatLatency,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatValue,
} from '../format/format.ts';
import type { Busiest, CommandEffect, Judged, JudgedCapacity, Saturation } from '../schema/judged.ts';

type Facts = {
  readonly verdict: Judged['verdict'];
  readonly validity: Validity;
  readonly thresholds: readonly ThresholdResult[];
  readonly partial: string | undefined;
  readonly busiest?: Busiest;
  readonly saturation?: Saturation;
  readonly capacity?: JudgedCapacity;
  readonly commands: readonly CommandEffect[];
  /** Monitors that had to fire and did not, a sentence each. */
  readonly silent: readonly string[];
};

const words = { pass: 'PASS', fail: 'FAIL', 'no-verdict': 'NO VERDICT' } as const;

const limits: Readonly<Record<Saturation['limitedBy'], string>> = {
  'event loop': "the app's event loop is the limit",
  'host CPU': "the host's CPU is the limit",
  memory: 'memory is the limit',
  generator: 'the load generator is the limit, not the target',
  errors: 'errors are the limit',
  SLO: 'the SLO is missed before anything is at its end',
  unknown: 'what limits it is not known',
};

/** For example `PASS: saturates at 7,412 requests/s with 16 connections; the app's event loop is the limit`. */
export function writeHeadline(facts: Facts): string {
  const speed = describeSpeed(facts);
  const parts = [why(facts), speed].filter((part) => part !== undefined);
  const doubt =
    facts.verdict !== 'no-verdict' && facts.validity.verdict !== 'valid'
      ? ` (${facts.validity.verdict}: ${shorten(facts.validity.reasons)})`
      : '';
  return `${words[facts.verdict]}: ${parts.join('; ')}${doubt}`;
}

/** The first of several reasons, and how many more there are: the page lists them all. */
export function shorten(reasons: readonly Pick<Finding, 'text'>[]): string {
  const [first = '', ...others] = reasons.map(({ text }) => text ?? '');
  return others.length === 0 ? first : `${first}; and ${formatNumberOf(others.length, 'more reason')}`;
}

/** What the verdict is, as a badge shows it. */
export function verdictWord(verdict: Judged['verdict']): string {
  return words[verdict];
}

function why({ verdict, validity, thresholds, partial, capacity, silent }: Facts): string | undefined {
  if (verdict === 'fail') {
    const failed = thresholds.filter((each) => each.verdict === 'fail');
    const values = failed.map((each) => `${each.expression} is ${formatValue(each.value ?? 0, each.unit)}`);
    const missed = `${formatCount(failed.length)} of ${formatNumberOf(thresholds.length, 'threshold')} failed (${values.join(', ')})`;
    return [
      ...(failed.length > 0 ? [missed] : []),
      ...(silent.length > 0 ? [shorten(silent.map((text) => ({ text })))] : []),
    ].join('; ');
  }
  if (verdict === 'no-verdict') {
    if (validity.verdict === 'invalid') return `the run is invalid (${shorten(validity.reasons)})`;
    if (partial !== undefined) return `${partial.charAt(0).toLowerCase()}${partial.slice(1)}`;
    if (validity.verdict === 'inconclusive' && validity.reasons.length > 0) return shorten(validity.reasons);
    const missing = thresholds.filter((each) => each.verdict === 'no-data');
    return `no data for ${missing.map((each) => each.expression).join(', ')}`;
  }
  return thresholds.length === 0 && !capacity ? 'no threshold was set' : undefined;
}

function describeSpeed({ commands, saturation, busiest, thresholds, verdict, capacity }: Facts): string | undefined {
  if (capacity) {
    const [rate, low, high] = [capacity.arrivalRatePerS, capacity.low, capacity.high].map((each) =>
      formatRate(each).replace('/s', ''),
    );
    return `capacity ${rate} requests/s (95 %: ${low} to ${high}) at ${capacity.slo.join(' and ')}; ${limits[capacity.limitedBy]}`;
  }
  const at = saturation ?? busiest;
  if (!at) return undefined;
  const rate = formatRate(at.throughputPerS).replace('/s', ' requests/s');
  const load = at.connections === undefined ? '' : ` with ${formatNumberOf(at.connections, 'connection')}`;
  if (saturation) {
    const { highest } = saturation;
    const most = highest ? ` (highest seen: ${formatRate(highest.throughputPerS)} with ${highest.connections})` : '';
    return `saturates at ${rate}${load}${most}; ${limits[saturation.limitedBy]}`;
  }
  const held = verdict === 'pass' && thresholds.length > 0 ? `${allHold(thresholds.length)}; ` : '';
  return `${held}the highest throughput is ${rate}${load}${describeCommand(commands)}`;
}

/** What a build in mid-run did is what such a run is made for. */
function describeCommand([effect]: readonly CommandEffect[]): string {
  const [before, during] = [effect?.before, effect?.during];
  if (before?.cpuPercent === undefined || during?.cpuPercent === undefined) return '';
  const p99 =
    before.latencyUs && during.latencyUs
      ? ` and p99 from ${formatLatency(before.latencyUs.p99)} to ${formatLatency(during.latencyUs.p99)}`
      : '';
  return `; a command beside it took the CPU from ${formatPercent(before.cpuPercent)} to ${formatPercent(during.cpuPercent)}${p99}`;
}

function allHold(count: number): string {
  return count === 1 ? 'its one threshold holds' : `all ${formatCount(count)} thresholds hold`;
}
