// What the page of a record shows beside its verdict: the worst day, and every cheaper type.
import {
  type CreditMode,
  creditModeOf,
  type InstanceCatalogue,
  type InstanceType,
} from '../../model/catalogue/instance-catalogue.ts';
import { coarsenRecord, cutRecord } from './cut-record.ts';
import { asPromised, judgeType, type RecordedInstance } from './judge-type.ts';
import { runRecord } from './record-bank.ts';
import type { RecordCurve } from './record-curve.ts';
import { iso, type RecordInput } from './record-figures.ts';
import type { RecordSizing } from './size-record.ts';
import { demandOn, speedOf } from './type-demand.ts';

export type RecordPage = {
  readonly sizing: RecordSizing;
  /** The day of the lowest balance, of the type that is asked about. */
  readonly worstDay: { readonly from: string; readonly to: string; readonly types: readonly DayOfType[] };
  readonly whatIf: readonly WhatIf[];
};

type DayOfType = Pick<RecordedInstance, 'instanceType' | 'vcpus' | 'mode'> & { readonly curve: RecordCurve };
export type WhatIf = {
  readonly type: InstanceType;
  readonly standard: RecordedInstance;
  readonly unlimited?: RecordedInstance;
};

const dayMs = 86_400_000;
/** A year of minutes is judged in periods of at most this many for the table of all types. */
const mostPeriods = 10_000;

/** The page of a sizing that was made from this record. */
export function makeRecordPage(
  sizing: RecordSizing,
  input: RecordInput,
  types: readonly InstanceType[],
  catalogue: InstanceCatalogue,
): RecordPage {
  return { sizing, worstDay: findWorstDay(sizing, input, types), whatIf: judgeCheaper(sizing, input, catalogue) };
}

/** The type that is recommended, else the cheapest that was asked about. */
export function askedType({ instances, recommendation }: RecordSizing): RecordedInstance {
  const byPrice = [...instances].sort(
    (a, b) => (a.usdPerMonth ?? Number.MAX_VALUE) - (b.usdPerMonth ?? Number.MAX_VALUE),
  );
  const named = 'instanceType' in recommendation ? recommendation.instanceType : undefined;
  return (byPrice.find(({ instanceType }) => instanceType === named) ?? byPrice[0]) as RecordedInstance;
}

function findWorstDay(
  sizing: RecordSizing,
  { record, of, start, mode }: RecordInput,
  types: readonly InstanceType[],
): RecordPage['worstDay'] {
  const [beginMs, endMs] = [record.begins[0] as number, record.ends.at(-1) as number];
  const atMs = worstMs(askedType(sizing), beginMs);
  const fromMs = Math.max(beginMs, Math.floor((atMs - 1) / dayMs) * dayMs);
  const toMs = Math.min(endMs, fromMs + dayMs);
  const until = cutRecord(record, undefined, toMs);
  const days = types.map(asPromised).map((type): DayOfType => {
    const typeMode = creditModeOf(type, mode) ?? 'standard';
    const demand = demandOn(until, of, speedOf(of, type)?.ratio ?? 1);
    const { curve } = runRecord(type, demand, { mode: typeMode, start, curve: [fromMs, toMs] });
    return { instanceType: type.instanceType, vcpus: type.vcpus, ...(type.credits && { mode: typeMode }), curve };
  });
  return { from: iso(fromMs), to: iso(toMs), types: days };
}

/** When the balance is lowest; when it never falls below that of the start, when the demand is highest. */
function worstMs({ lowestAt, firstThrottledAt, curve }: RecordedInstance, beginMs: number): number {
  const lowMs = Date.parse(firstThrottledAt ?? lowestAt ?? '');
  if (lowMs > beginMs) return lowMs;
  let [most, atMs] = [-1, beginMs + 1];
  for (const [endMs, , , highest] of curve.flat()) if (highest > most) [most, atMs] = [highest, endMs];
  return atMs;
}

/** Every type that costs no more than the recorded one, cheapest first. What was judged before keeps its verdict. */
function judgeCheaper({ instances }: RecordSizing, input: RecordInput, catalogue: InstanceCatalogue): WhatIf[] {
  const { of } = input;
  const coarse = { ...input, record: coarsenRecord(input.record, mostPeriods), fine: input.record };
  const judge = (type: InstanceType, mode: CreditMode) =>
    instances.find((each) => each.instanceType === type.instanceType && (each.mode ?? 'standard') === mode) ??
    judgeType({ ...coarse, mode }, type, false);
  return catalogue
    .filter((type) => speedOf(of, type) !== undefined)
    .flatMap((type) => (type.usdPerHour === undefined ? [] : [{ ...type, usdPerHour: type.usdPerHour }]))
    .filter(({ usdPerHour }) => usdPerHour <= (of.usdPerHour ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => a.usdPerHour - b.usdPerHour)
    .map((type) => ({
      type,
      standard: judge(type, 'standard'),
      ...(type.credits?.maxSurplusCredits !== undefined && {
        unlimited: judge(type, 'unlimited'),
      }),
    }));
}
