// The five cards of a comparison of two types: each figure that a team decides on, with its interval and what it rests on.
import { withArticle } from '../../model/article.ts';
import type { RunComparison } from '../comparison/compare-runs.ts';
import type { MachinePair } from '../comparison/instance-facts.ts';
import { formatBytes, formatPercent, formatRate, formatUsd, noData } from '../format/format.ts';
import { basisOfPrices } from '../messages/price-basis.ts';
import type { Estimate } from '../series/regression.ts';
import type { WithinSlo } from '../sizing/rates/within-slo.ts';

export type Card = {
  readonly title: string;
  readonly value: string;
  /** After the value, smaller. */
  readonly of?: string;
  readonly detail: string;
};

/** Demand and sustained capacity, peak and burst, memory, saving, confidence. */
export function comparisonCards(comparison: RunComparison): Card[] {
  const { machines } = comparison;
  if (!machines) return [];
  return [
    sustainedCard(machines),
    burstCard(machines),
    memoryCard(machines),
    savingCard(machines),
    confidenceCard(comparison),
  ];
}

/** The figure of a card on one line. */
export function cardFigure({ value, of }: Card): string {
  return of === undefined ? value : `${value} ${of}`;
}

function sustainedCard({ candidate, demand }: MachinePair): Card {
  const { sustainedPerS, onEc2 } = candidate.judged;
  return {
    title: demand ? 'Mean demand, sustained' : 'Sustained capacity',
    ...share(demand?.meanPerS, sustainedPerS),
    detail: sentences([
      `${intervalOf(sustainedPerS)}${onEc2 ? ' on EC2' : ''}`,
      candidate.creditsPerHour === undefined ? 'Saturation' : 'Saturation without CPU credits',
      ...(demand ? [] : ['No traffic was given']),
    ]),
  };
}

function burstCard({ candidate, demand }: MachinePair): Card {
  const { burstPerS, onEc2, withinSlo } = candidate.judged;
  if (withinSlo) return sloCard(withinSlo, onEc2, { demandPerS: demand?.peakPerS });
  return {
    title: demand ? 'Peak demand, burst' : 'Burst capacity',
    ...share(demand?.peakPerS, burstPerS),
    detail: sentences([
      `${intervalOf(burstPerS)}${onEc2 ? ' on EC2' : ''}`,
      'With CPU credits, at saturation: the rate at the SLO was not measured',
    ]),
  };
}

/** The rate with CPU credits that meets the SLO, of a peak where there is one; `more` are further sentences. */
export function sloCard(
  { perS, slo, atLeast, atMost }: WithinSlo,
  onEc2: boolean,
  { demandPerS, more = [] }: { readonly demandPerS?: number | undefined; readonly more?: readonly string[] },
): Card {
  const where = onEc2 ? ' on EC2' : '';
  const rate = atMost ? { ...perS, value: perS.high } : perS;
  return {
    title: demandPerS === undefined ? 'Capacity at the SLO' : 'Peak demand, at the SLO',
    ...share(demandPerS, rate, atLeast ? 'at least ' : atMost && 'less than '),
    detail: sentences([
      `${atMost ? 'Every rate that was measured missed the SLO' : intervalOf(perS)}${where}`,
      `With CPU credits: ${slo.join(' and ')}`,
      ...more,
    ]),
  };
}

function share(
  demandPerS: number | undefined,
  capacity: Estimate | undefined,
  atLeast = '',
): Pick<Card, 'value' | 'of'> {
  if (!capacity) return { value: noData };
  const rate = `${atLeast}${formatRate(capacity.value)}`;
  return demandPerS === undefined ? { value: rate } : { value: formatRate(demandPerS), of: `of ${rate}` };
}

function intervalOf(rate: Estimate | undefined): string {
  if (!rate) return 'Not measured';
  return rate.low < rate.high ? `${formatRate(rate.low)} to ${formatRate(rate.high)}` : 'Without an interval';
}

function memoryCard({ candidate: { instanceType, sized } }: MachinePair): Card {
  const { memory } = sized;
  if (!memory) return { title: 'Memory', value: noData, detail: 'It was not observed.' };
  const { neededBytes, guestBytes } = memory;
  return {
    title: 'Memory',
    value: formatBytes(neededBytes),
    of: `of ${formatBytes(guestBytes)}`,
    detail: `${formatPercent((100 * neededBytes) / guestBytes)} of ${withArticle(instanceType)}.`,
  };
}

function savingCard({ baseline, candidate }: MachinePair): Card {
  const [before, after] = [baseline.usdPerMonth, candidate.usdPerMonth];
  if (before === undefined || after === undefined) {
    const { instanceType } = before === undefined ? baseline : candidate;
    return { title: 'Saving', value: noData, detail: `The price of ${instanceType} is not in the catalogue.` };
  }
  const usd = before - after;
  return {
    title: usd < 0 ? 'Extra cost' : 'Saving',
    value: formatUsd(Math.abs(usd)),
    of: 'a month',
    detail: `$${Math.abs(12 * usd).toFixed(0)} a year; ${basisOfPrices}.`,
  };
}

/** The widest of what the verdict rests on, how the last prediction did, and what was real. */
function confidenceCard({ machines, candidate, baseline }: RunComparison): Card {
  const invalid = [candidate, baseline].find(({ judged }) => judged.validity.verdict !== 'valid');
  const { value, low, high } = machines?.candidate.judged.sustainedPerS ?? {};
  const width =
    value && low !== undefined && high !== undefined && low < high
      ? { value: `−${Math.round(100 * (1 - low / value))} %`, of: `to +${Math.round(100 * (high / value - 1))} %` }
      : undefined;
  const own =
    machines?.predictions.filter(({ instanceType }) => instanceType === machines.candidate.instanceType) ?? [];
  const held = own.filter((each) => each.held).length;
  const emulated = candidate.run.target.vcpuShare !== undefined;
  return {
    title: 'Confidence',
    ...(invalid ? { value: 'none' } : (width ?? { value: 'valid' })),
    detail: sentences([
      invalid
        ? `The measurement of ${invalid.label} is ${invalid.judged.validity.verdict}`
        : width === undefined
          ? 'Measured once, without an interval'
          : '95 % interval of the sustained rate',
      own.length > 0 ? `${held} of ${own.length} predictions held` : 'No prediction was graded',
      emulated ? 'Emulated' : 'Measured on the instance',
    ]),
  };
}

function sentences(parts: readonly string[]): string {
  return `${parts.join('. ')}.`;
}
