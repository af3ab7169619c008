// Whether a machine can have wanted more CPU than its record shows.
import type { RecordedFile } from '../../model/recorded/recorded-file.ts';
import type { RecordFinding } from '../schema/recorded-findings.ts';
import type { CpuRecord } from './cpu-record.ts';
import { joinMetric } from './join-metrics.ts';

/** A period of stolen CPU from which it counts, and the share of the time that may have it. */
const stolenPercent = 5;
const stolenTimePercent = 0.5;
/** Balances at exhaustion do not read 0. */
const noCredits = 0.5;

/** Why the machine wanted more CPU than it got; undefined where nothing shows that. */
export function wantedMore(
  files: readonly RecordedFile[],
  record: CpuRecord,
): RecordFinding<'record-at-least'> | undefined {
  const { stolen, begins, ends } = record;
  const shareOf = (series: { begins: Float64Array; ends: Float64Array }, isShort: (index: number) => boolean) => {
    let [short, all] = [0, 0];
    for (let index = 0; index < series.begins.length; index++) {
      const ms = (series.ends[index] as number) - (series.begins[index] as number);
      all += ms;
      if (isShort(index)) short += ms;
    }
    return (100 * short) / all;
  };
  const stealTime = stolen ? shareOf({ begins, ends }, (index) => (stolen[index] as number) >= stolenPercent) : 0;
  if (stealTime > stolenTimePercent) return { code: 'record-at-least', cause: 'steal', percentOfTime: stealTime };
  const balance =
    joinMetric(files, 'aws.ec2.cpucredit_balance', 'avg') ?? joinMetric(files, 'aws.ec2.cpucredit_balance', 'min');
  const surplus = joinMetric(files, 'aws.ec2.cpusurplus_credit_balance', 'avg');
  // In unlimited mode a balance of 0 holds nothing back.
  if (!balance || surplus?.values.some((value) => value > 0)) return undefined;
  const emptyTime = shareOf(balance, (index) => (balance.values[index] as number) < noCredits);
  return emptyTime > stolenTimePercent
    ? { code: 'record-at-least', cause: 'no-credits', percentOfTime: emptyTime }
    : undefined;
}
