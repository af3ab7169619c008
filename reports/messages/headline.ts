// Texts of the headline.
import { withArticle } from '../../model/article.ts';
import {
  formatCount,
  formatLatency,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatRequests,
  formatValue,
} from '../format/format.ts';
import type { HeadlineFindings } from '../schema/headline-findings.ts';
import { describeChange } from './changes.ts';
import { limitName } from './limits.ts';
import { rateAtSlo } from './rate-at-slo.ts';
import type { TextsOf } from './texts.ts';

export const headlineTexts: TextsOf<HeadlineFindings> = {
  headline: ({ parts }, textOf) => parts.map(textOf).join('. '),
  'thresholds-failed': ({ failed, of }) =>
    `${of === 1 ? 'The threshold' : `${formatCount(failed.length)} of ${formatNumberOf(of, 'threshold')}`} failed (${failed
      .map(({ expression, value, unit }) => `${expression}: measured ${formatValue(value, unit)}`)
      .join(', ')})`,
  'thresholds-hold': ({ count }) =>
    ({ 1: 'The threshold holds', 2: 'Both thresholds hold' })[count] ?? `All ${formatCount(count)} thresholds hold`,
  'thresholds-without-data': ({ expressions }) => `No data for ${expressions.join(', ')}`,
  'no-threshold-set': () => 'No threshold was set',
  'not-valid': ({ verdict, first, count }, textOf) =>
    `${verdict === 'invalid' ? 'The run is invalid' : 'The run is inconclusive'}: ${textOf(first)}${count > 1 ? ` (and ${formatNumberOf(count - 1, 'more reason')})` : ''}`,
  'capacity-found': ({ arrivalRatePerS, low, high, slo }) =>
    `The capacity is ${formatRequests(arrivalRatePerS)} (95 %: ${formatRate(low)} to ${formatRate(high)}) at ${slo.join(' and ')}`,
  'saturates-at': ({ throughputPerS, low, high, connections, highest }) =>
    `Saturates at ${formatRequests(throughputPerS, { low, high })} with ${formatNumberOf(connections, 'connection')}${
      highest ? ` (highest: ${formatRate(highest.throughputPerS)} with ${formatCount(highest.connections)})` : ''
    }`,
  'speed-on-ec2': ({ instanceType, sustainedPerS, burstPerS, ...within }) =>
    `On EC2 ${withArticle(instanceType)} sustains ${formatRequests(sustainedPerS.value, sustainedPerS)} and ${within.slo ? 'with CPU credits serves' : 'bursts to'} ${rateAtSlo(burstPerS, within)}`,
  'capacity-at-slo': ({ arrivalRatePerS, low, high, slo, atLeast }) =>
    atLeast
      ? `At least ${formatRequests(arrivalRatePerS)} met ${slo.join(' and ')}. Higher rates were not measured`
      : `Up to ${formatRequests(arrivalRatePerS, { low, high })} met ${slo.join(' and ')}`,
  'highest-throughput': ({ throughputPerS, connections, errorRatePercent }) =>
    `The highest throughput is ${formatRequests(throughputPerS)}${connections === undefined ? '' : ` with ${formatNumberOf(connections, 'connection')}`}${
      errorRatePercent === undefined ? '' : `, of which ${formatPercent(errorRatePercent)} were errors`
    }`,
  bottleneck: ({ limitedBy, because }, textOf) =>
    `Bottleneck: ${limitName(limitedBy)}${because ? `. ${textOf(because)}` : ''}`,
  'command-took-cpu': ({ cpuPercent, p99Us }) =>
    `While a command ran, CPU use ${describeChange(cpuPercent, formatPercent)}${
      p99Us ? ` and p99 ${describeChange(p99Us, formatLatency)}` : ''
    }`,
};
