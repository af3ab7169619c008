// The six cards of a run: burst, sustained, bottleneck, errors, thresholds, trust.
import { capitalize, formatCount, formatNumberOf, formatPercent, formatRate, noData } from '../format/format.ts';
import { triedRequests } from '../measured/measured.ts';
import { limitName } from '../messages/limits.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged, Saturation } from '../schema/judged.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { shownRate } from '../sizing/rates/shown-rate.ts';
import { type Card, sloCard } from './cards.ts';

/** `instanceType`: the run's own, where it has one. */
export function runCards(judged: Judged, instanceType: string | undefined): Card[] {
  const type = judged.sizing && shownType(judged.sizing.types, instanceType);
  return [
    burstCard(judged, type?.instanceType === instanceType ? type : undefined),
    ...(type ? [sustainedCard(judged, type)] : []),
    bottleneckCard(judged),
    errorCard(judged),
    thresholdCard(judged),
    trustCard(judged),
  ];
}

type SizedType = SizingRecord['types'][number];

/** The run's own type, else the cheapest one that was sized. */
function shownType(types: readonly SizedType[], own: string | undefined): SizedType | undefined {
  const price = ({ usdPerMonth = Number.MAX_VALUE }: SizedType) => usdPerMonth;
  return types.find(({ instanceType }) => instanceType === own) ?? [...types].sort((a, b) => price(a) - price(b))[0];
}

function burstCard(judged: Judged, own: SizedType | undefined): Card {
  const { capacity, capacityAtSlo, saturation, busiest, noSaturation } = judged;
  if (capacity) {
    const { arrivalRatePerS, low, high, slo, probes } = capacity;
    const interval = `${formatRate(low)} to ${formatRate(high)}, from ${formatNumberOf(probes.length, 'probe')}`;
    return { title: 'Capacity', value: formatRate(arrivalRatePerS), detail: `${interval}. SLO: ${slo.join(' and ')}.` };
  }
  const { withinSlo, onEc2 } = own ?? {};
  const saturates = saturation && describeSaturation(saturation);
  if (withinSlo && onEc2) {
    const here = [
      ...(capacityAtSlo ? [`here ${formatRate(capacityAtSlo.arrivalRatePerS)}`] : []),
      ...(saturates ? [`saturation ${saturates.value}`] : []),
    ].join('; ');
    return sloCard(withinSlo, true, { more: here === '' ? [] : [capitalize(here)] });
  }
  if (capacityAtSlo) {
    const { arrivalRatePerS: value, low, high, ...within } = capacityAtSlo;
    const more = saturates ? [`Saturation: ${saturates.value}, ${saturates.detail}`] : [];
    return sloCard({ perS: { value, low, high }, ...within }, false, { more });
  }
  if (saturates)
    return {
      title: onEc2 ? 'Saturation, this machine' : 'Saturation',
      ...saturates,
      detail: `${capitalize(saturates.detail)}.`,
    };
  if (!busiest) return { title: 'Highest throughput', value: noData, detail: 'Nothing was measured.' };
  const { throughputPerS, connections, errorRatePercent } = busiest;
  const errors = errorRatePercent === undefined ? '' : `${formatPercent(errorRatePercent)} were errors. `;
  return {
    title: 'Highest throughput',
    value: formatRate(throughputPerS),
    detail: `${connections === undefined ? '' : `With ${formatNumberOf(connections, 'connection')}. `}${errors}${noSaturation ? `No saturation point: ${textOf(noSaturation)}.` : ''}`,
  };
}

function describeSaturation({ throughputPerS, low, high, connections }: Saturation): Omit<Card, 'title'> {
  const interval = low !== undefined && high !== undefined ? `${formatRate(low)} to ${formatRate(high)}, ` : '';
  return {
    value: formatRate(throughputPerS),
    detail: `${interval}with ${formatNumberOf(connections, 'connection')}`,
  };
}

function sustainedCard({ sizing, validity }: Judged, type: SizedType): Card {
  const title = `Sustained, ${type.instanceType}`;
  if (validity.verdict === 'invalid') return { title, value: noData, detail: 'The run is invalid.' };
  const { measured, predicted } = shownRate(type, 'sustained');
  const rate = type.onEc2?.sustainedPerS ?? measured ?? predicted;
  const interval = rate && rate.low < rate.high ? `${formatRate(rate.low)} to ${formatRate(rate.high)}` : 'no interval';
  return {
    title,
    value: rate ? formatRate(rate.value) : noData,
    detail: rate
      ? `${interval}${type.onEc2 ? ' on EC2' : ''}, ${measured ? 'measured' : 'predicted'}.${sizing?.traffic ? ` It ${textOf(type.summary)}.` : ' No traffic given.'}`
      : `It ${type.verdict === 'inconclusive' ? 'is inconclusive' : textOf(type.summary)}.`,
  };
}

function bottleneckCard(judged: Judged): Card {
  const { capacity, saturation, limitAtHighest } = judged;
  const limit = capacity ?? saturation ?? limitAtHighest;
  const detail = limit ? `${textOf(limit.because)}.` : 'Nothing was measured.';
  return { title: 'Bottleneck', value: bottleneckName(judged), detail };
}

/** What limits throughput, also where it did not stop rising: there nothing may be saturated. */
export function bottleneckName({ capacity, saturation, limitAtHighest }: Judged): string {
  const limit = capacity ?? saturation;
  if (limit) return limitName(limit.limitedBy);
  if (!limitAtHighest) return noData;
  return limitAtHighest.because.code === 'nothing-saturated' ? 'none' : limitName(limitAtHighest.limitedBy);
}

function errorCard({ measured: { errorRatePercent, requests, outcomes } }: Judged): Card {
  if (errorRatePercent === undefined) return { title: 'Errors', value: noData, detail: 'No request was tried.' };
  const dropped = requests.dropped > 0 ? ` ${formatCount(requests.dropped)} were dropped.` : '';
  return {
    title: 'Errors',
    value: formatPercent(errorRatePercent),
    detail: `Of ${formatNumberOf(triedRequests(requests.sent, outcomes), 'request')}.${dropped}`,
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
      failed.length > 0
        ? `Not: ${failed.slice(0, 2).join(', ')}${failed.length > 2 ? ` and ${failed.length - 2} more` : ''}.`
        : '',
  };
}

function trustCard({ validity, warnings, caveats }: Judged): Card {
  // The banner has the first reason.
  const counts = [
    ...(validity.reasons.length > 0 ? [formatNumberOf(validity.reasons.length, 'reason')] : []),
    ...(warnings.length > 0 ? [formatNumberOf(warnings.length, 'warning')] : []),
    ...(caveats.length > 0 ? [formatNumberOf(caveats.length, 'caveat')] : []),
  ].join(', ');
  return {
    title: 'Measurement',
    value: validity.verdict,
    detail: counts || 'All integrity checks passed.',
  };
}
