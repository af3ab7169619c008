// The six cards of a run: burst, sustained, bottleneck, errors, thresholds, trust.
import { formatCount, formatNumberOf, formatPercent, formatRate, noData } from '../format/format.ts';
import { limitName } from '../messages/limits.ts';
import { briefly, textOf } from '../messages/text-of.ts';
import type { Judged, Saturation } from '../schema/judged.ts';
import { shownRate } from '../sizing/rates/shown-rate.ts';
import type { Card } from './cards.ts';

/** `instanceType`: the run's own, where it has one. */
export function runCards(judged: Judged, instanceType: string | undefined): Card[] {
  return [
    burstCard(judged),
    ...sustainedCards(judged, instanceType),
    bottleneckCard(judged),
    errorCard(judged),
    thresholdCard(judged),
    trustCard(judged),
  ];
}

function burstCard({ capacity, capacityAtSlo, saturation, busiest, noSaturation }: Judged): Card {
  if (capacity) {
    const { arrivalRatePerS, low, high, slo, probes } = capacity;
    const interval = `${formatRate(low)} to ${formatRate(high)}, from ${formatNumberOf(probes.length, 'probe')}`;
    return { title: 'Capacity', value: formatRate(arrivalRatePerS), detail: `${interval}. SLO: ${slo.join(' and ')}.` };
  }
  const saturates = saturation && describeSaturation(saturation);
  if (capacityAtSlo) {
    const { arrivalRatePerS, low, high, slo, atLeast } = capacityAtSlo;
    return {
      title: 'Capacity at the SLO',
      value: `${atLeast ? 'at least ' : ''}${formatRate(arrivalRatePerS)}`,
      detail: `${atLeast ? '' : `${formatRate(low)} to ${formatRate(high)}. `}SLO: ${slo.join(' and ')}.${saturates ? ` Saturation: ${saturates.value}, ${saturates.detail}` : ''}`,
    };
  }
  if (saturates) return { title: 'Saturation', ...saturates };
  if (!busiest) return { title: 'Highest throughput', value: noData, detail: 'Nothing was measured.' };
  const connections = busiest.connections;
  return {
    title: 'Highest throughput',
    value: formatRate(busiest.throughputPerS),
    detail: `${connections === undefined ? '' : `With ${formatNumberOf(connections, 'connection')}. `}${noSaturation ? `No saturation point: ${textOf(noSaturation)}.` : ''}`,
  };
}

function describeSaturation({ throughputPerS, low, high, connections }: Saturation): Omit<Card, 'title'> {
  const interval = low !== undefined && high !== undefined ? `${formatRate(low)} to ${formatRate(high)}, ` : '';
  return {
    value: formatRate(throughputPerS),
    detail: `${interval}with ${formatNumberOf(connections, 'connection')}.`,
  };
}

/** Of the run's own type, else of the cheapest one that was sized. */
function sustainedCards({ sizing }: Judged, instanceType: string | undefined): Card[] {
  const price = ({ usdPerMonth = Number.MAX_VALUE }: { readonly usdPerMonth?: number }) => usdPerMonth;
  const byPrice = [...(sizing?.types ?? [])].sort((a, b) => price(a) - price(b));
  const type = byPrice.find((each) => each.instanceType === instanceType) ?? byPrice[0];
  if (!type) return [];
  const { measured, predicted } = shownRate(type, 'sustained');
  const rate = type.onEc2?.sustainedPerS ?? measured ?? predicted;
  const how = measured ? 'measured' : 'predicted';
  const interval = rate && rate.low < rate.high ? `${formatRate(rate.low)} to ${formatRate(rate.high)}` : 'no interval';
  return [
    {
      title: `Sustained, ${type.instanceType}`,
      value: rate ? formatRate(rate.value) : noData,
      detail: rate
        ? `${type.onEc2 ? 'On EC2, ' : ''}${how}: ${interval}. ${sizing?.traffic ? `It ${textOf(type.summary)}` : 'No traffic was given'}.`
        : `It ${type.verdict === 'inconclusive' ? 'is inconclusive' : textOf(type.summary)}.`,
    },
  ];
}

function bottleneckCard({ capacity, saturation }: Judged): Card {
  const limit = capacity ?? saturation;
  if (!limit) return { title: 'Bottleneck', value: noData, detail: 'Throughput did not stop rising.' };
  return { title: 'Bottleneck', value: limitName(limit.limitedBy), detail: `${textOf(limit.because)}.` };
}

function errorCard({ measured: { errorRatePercent, requests } }: Judged): Card {
  if (errorRatePercent === undefined) return { title: 'Errors', value: noData, detail: 'No request was tried.' };
  const dropped = requests.dropped > 0 ? ` ${formatCount(requests.dropped)} were dropped.` : '';
  return {
    title: 'Errors',
    value: formatPercent(errorRatePercent),
    detail: `Of ${formatNumberOf(requests.sent, 'request')}.${dropped}`,
  };
}

function thresholdCard({ thresholds }: Judged): Card {
  if (thresholds.length === 0) return { title: 'Thresholds', value: 'none', detail: 'None was set (--threshold).' };
  const held = thresholds.filter(({ verdict }) => verdict === 'pass').length;
  const failed = thresholds.filter(({ verdict }) => verdict !== 'pass').map(({ expression }) => expression);
  return {
    title: 'Thresholds',
    value: `${held} of ${thresholds.length}`,
    of: held === 1 ? 'holds' : 'hold',
    detail:
      failed.length > 0 ? `Not: ${failed.slice(0, 2).join(', ')}${failed.length > 2 ? ' ...' : ''}.` : 'Listed below.',
  };
}

const mostReasonWords = 14;

function trustCard({ validity, warnings, caveats }: Judged): Card {
  const counts = [
    ...(warnings.length > 0 ? [formatNumberOf(warnings.length, 'warning')] : []),
    ...(caveats.length > 0 ? [formatNumberOf(caveats.length, 'caveat')] : []),
  ].join(', ');
  const why = validity.reasons.length > 0 ? briefly(validity.reasons, mostReasonWords) : '';
  return {
    title: 'Measurement',
    value: validity.verdict,
    detail: [why, counts].filter((each) => each !== '').join('; ') || 'All integrity checks passed.',
  };
}
