// Texts of the findings of recorded/.
import { withArticle } from '../../model/article.ts';
import {
  formatBytes,
  formatDuration,
  formatHours,
  formatMbps,
  formatNumber,
  formatNumberOf,
  formatPercent,
  formatTime,
  formatUsd,
} from '../format/format.ts';
import type { RecordFindings } from '../schema/recorded-findings.ts';
import type { TextsOf } from './texts.ts';

const formats: Readonly<Record<string, string>> = {
  'cloudwatch-statistics': 'aws cloudwatch get-metric-statistics',
  'cloudwatch-data': 'aws cloudwatch get-metric-data',
  'cloudwatch-console': 'CSV of the CloudWatch console',
  'metrics-pull': 'headroom metrics pull',
  'datadog-query': 'Datadog query API',
  'prometheus-range': 'Prometheus query_range',
  'azure-metrics': 'az monitor metrics list',
  'google-series': 'Google Cloud timeSeries.list',
  'line-protocol': 'InfluxDB line protocol',
  'sadf-json': 'sadf -j',
  'sadf-rows': 'sadf -d',
  'sar-text': 'sar -u',
  csv: 'CSV',
};

/** `vcpu-speed` is of any sizing: its text is in sizing-types. */
export const recordedTexts: TextsOf<Omit<RecordFindings, 'vcpu-speed'>> = {
  'record-credits-last': ({ percentOfBaseline, lowestCredits, lowestAt, fromStart, uncertain }) => {
    const open = uncertain ? '. At the low end of the vCPU speed interval they run out' : '';
    const lowest = fromStart
      ? `the balance never falls below its initial ${formatCredits(lowestCredits)}`
      : `the lowest balance is ${formatCredits(lowestCredits)}, at ${minute(lowestAt)}`;
    return `CPU credits last: ${lowest}. ${meanUse(percentOfBaseline)}${open}`;
  },
  'record-credits-run-out': ({
    percentOfBaseline,
    firstThrottledAt,
    throttledHours,
    throttledHoursIfWorkWaits,
    unservedVcpuHours,
    uncertain,
  }) => {
    const open = uncertain ? '. At the high end of the vCPU speed interval the credits last' : '';
    const waits = `${formatHours(throttledHoursIfWorkWaits)} if it is queued`;
    return `CPU credits run out at ${minute(firstThrottledAt)}: throttled for ${formatHours(throttledHours)} if late work is lost (${formatNumber(unservedVcpuHours)} vCPU-hours), ${waits}. ${meanUse(percentOfBaseline)}${open}`;
  },
  'record-unlimited': ({ percentOfBaseline, surplusUsdPerMonth }) =>
    `Unlimited mode never throttles: surplus credits cost ${formatUsd(surplusUsdPerMonth)} a month. ${meanUse(percentOfBaseline)}`,
  'record-peaks': ({ vcpus, aboveHours, abovePercent, percentByMaxima, allowedPercent, promised }) => {
    const all = promised ? `${vcpus} vCPUs that are promised` : formatNumberOf(vcpus, 'vCPU');
    const what = `${vcpus === 1 || promised ? 'the' : 'all'} ${all}`;
    const allowed = `${allowedPercent} % is allowed`;
    if (percentByMaxima === undefined && aboveHours === 0) return `Demand never exceeds ${what}`;
    if (percentByMaxima === undefined)
      return `Demand exceeds ${what} for ${formatHours(aboveHours)} (${formatPercent(abovePercent)} of the time; ${allowed})`;
    if (percentByMaxima[1] === 0) return `Demand never exceeds ${what}, as the maxima of each period show`;
    return `Demand exceeds ${what} for ${formatRange(percentByMaxima, formatPercent)} of the time, by the maxima of each period (${allowed})`;
  },
  'record-memory': ({ neededBytes, guestBytes }) =>
    `Memory: the recorded machine used up to ${formatBytes(neededBytes)}; a guest of this type has ${formatBytes(guestBytes)} (${formatPercent((100 * neededBytes) / guestBytes)})`,
  'record-network': ({ instanceType, mostMbps, baselineMbps, burstMbps, longestS }) => {
    const baseline = `the baseline bandwidth of ${withArticle(instanceType)}, ${formatMbps(baselineMbps)}`;
    const most = `the busiest period carried ${formatMbps(mostMbps)} in one direction`;
    if (longestS === 0) return `Network: ${most}, within ${baseline}`;
    return `Network: ${most}, and for ${formatDuration(longestS)} at a time more than ${baseline}. Bursts to ${formatMbps(burstMbps)} last 5 to 60 min and are not promised`;
  },
  'record-at-least': ({ cause, percentOfTime }) => {
    const seen = cause === 'steal' ? 'CPU time was stolen' : 'the recorded machine had no CPU credits';
    return `For ${formatPercent(percentOfTime)} of the time ${seen}: demand may have been higher than recorded`;
  },
  'record-maxima-only': () =>
    'Only the maxima of each period were recorded, and they exceed this type. Add averages: --statistics Average, or avg: in a query',
  'record-too-short': ({ hours }) =>
    `The record covers ${formatHours(hours)}, too short to include the busiest hours. Record at least a day`,
  'record-too-coarse': ({ intervalS }) =>
    `An average over ${formatDuration(intervalS)} hides the busiest hours. Record points of an hour or less, or add the maxima`,
  'record-speed-unknown': ({ of, instanceType }) =>
    `How fast a vCPU of ${instanceType} is compared with ${of} is not known; the figures assume an equal one`,

  'memory-not-recorded': ({ types }) =>
    `Memory is not in this record. Check what the machine uses before you choose ${listOf(types)}: add it with --memory FILE`,
  'network-not-summed': () =>
    'Network was not judged: an average of bytes does not say how long its samples are. Record it with --statistics Sum',
  'peaks-not-recorded': ({ intervalS, percentWithout }) =>
    `${percentWithout === undefined ? 'An' : `Maxima are missing for ${formatPercent(percentWithout)} of the time: an`} average over ${formatDuration(intervalS)} does not show shorter peaks. Add the maxima (--statistics Average Maximum) or points of a minute`,
  'gaps-bridged': ({ gaps, hours }) =>
    `${formatNumberOf(gaps, 'gap')} under an hour (${formatHours(hours)} in total): bridged with the mean of both edges`,
  'gaps-are-stops': ({ gaps, hours, examples }) =>
    `${formatNumberOf(gaps, 'gap')} of an hour or more (${formatHours(hours)} in total): each is treated as a stop, after which a T2 has its launch credits and a T3 what it had, for 7 days (${examples.map((each) => each.split(' to ').map(minute).join(' to ')).join(', ')}${gaps > examples.length ? ' ...' : ''})`,
  'record-short': ({ days }) =>
    `The record covers ${formatHours(24 * days)}. Record at least a week, so that each weekday is included`,
  'record-in-future': ({ to }) =>
    `The record ends in the future, at ${minute(to)}. Check the clock of the recorded machine, and --zone`,
  'record-file': ({ file, format, metrics }) => `${file}: ${formats[format] ?? format} (${metrics.join(', ')})`,

  'graded-against-aws': ({ of, metric, maxDifferenceCredits, meanDifferenceCredits, points, days }) => {
    const what = metric === 'balance' ? 'CPUCreditBalance' : 'CPUCreditUsage';
    return `Checked against ${what} of the ${of}: the credit model was within ${formatCredits(maxDifferenceCredits)} over ${formatNumber(days)} days (mean ${formatCredits(meanDifferenceCredits)}, ${formatNumberOf(points, 'point')})`;
  },
  'graded-until': ({ at, cause }) => `From ${minute(at)} on the recorded balance differs: ${causes[cause]}`,

  'record-recommend': ({ instanceType, usdPerMonth, savesUsdPerMonth, of }) => {
    const saving = savesUsdPerMonth === undefined ? '' : `, ${formatUsd(savesUsdPerMonth)} less than ${of}`;
    if (usdPerMonth === undefined) return `${instanceType} fits the recorded CPU. Its price is not in the catalogue`;
    return `${instanceType} is the cheapest of these types that fits the recorded CPU. It costs ${formatUsd(usdPerMonth)} a month${saving}`;
  },
  'record-undecided': ({ instanceType, because }, textOf) =>
    `No type is known to fit. ${instanceType}: inconclusive. ${textOf(because)}`,
  'record-none': () => 'None of these types fits the recorded CPU. Try larger types with --on',
};

const causes = {
  restart: 'the machine was stopped and started, which renews its credits',
  'other-type': 'the balance exceeds what this type can hold, so the machine was of another type',
  unlimited: 'the machine used more than its credits, as in unlimited mode (--mode unlimited)',
  unknown: 'a restart, another type or another credit mode can cause this',
} as const;

/** `a, b or c`. */
function listOf(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(names);
}

function meanUse(percentOfBaseline: number): string {
  return `Mean use is ${formatPercent(percentOfBaseline)} of the baseline performance`;
}

/** Credits: `61.2 credits`, `0.35 credits`. */
function formatCredits(credits: number): string {
  return `${formatNumber(credits)} credits`;
}

/** `1.2 % to 2.5 %`, or one figure when both ends read the same. */
export function formatRange([low, high]: readonly [number, number], format: (value: number) => string): string {
  return format(low) === format(high) ? format(high) : `${format(low)} to ${format(high)}`;
}

/** A time without seconds. */
export function minute(iso: string): string {
  return formatTime(iso).replace(/:\d\d UTC/, ' UTC');
}
