// The credit bank of the recorded type laid over AWS's own figures of that machine.

import type { CreditMode, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { type CreditBank, creditBalance, spendCredits } from '../../model/credits/credit-bank.ts';
import type { RecordedFile } from '../../model/recorded/recorded-file.ts';
import type { RecordFinding } from '../schema/recorded-findings.ts';
import type { CpuRecord } from './cpu-record.ts';
import { joinMetric, type RecordedSeries } from './join-metrics.ts';

export type Grade = {
  readonly maxDifferenceCredits: number;
  readonly meanDifferenceCredits: number;
  readonly findings: readonly RecordFinding<'graded-against-aws' | 'graded-until'>[];
};

type Compared = {
  readonly atMs: number;
  readonly difference: number;
  readonly recorded: number;
  readonly before: number;
  readonly modelled: number;
};

/** Undefined when the files have no credits of the machine, or too few points in common with its CPU. */
export function gradeRecord(
  files: readonly RecordedFile[],
  record: CpuRecord,
  of: InstanceType,
  mode: CreditMode | undefined,
): Grade | undefined {
  if (!of.credits || record.statistic === 'max') return undefined;
  const burstable = { ...of, credits: of.credits };
  const balance =
    joinMetric(files, 'aws.ec2.cpucredit_balance', 'avg') ??
    joinMetric(files, 'aws.ec2.cpucredit_balance', 'min') ??
    joinMetric(files, 'aws.ec2.cpucredit_balance', 'max');
  if (balance) return gradeBalance(record, balance, burstable, mode ?? of.credits.defaultMode);
  const usage =
    joinMetric(files, 'aws.ec2.cpucredit_usage', 'sum') ?? joinMetric(files, 'aws.ec2.cpucredit_usage', 'avg');
  return usage && gradeUsage(record, usage, of);
}

type Burstable = Parameters<typeof spendCredits>[0];

/** From the first recorded balance on. AWS's balance of a period is that at its end: balance = prior + earned - usage. */
function gradeBalance(record: CpuRecord, balance: RecordedSeries, of: Burstable, mode: CreditMode): Grade | undefined {
  const compared = compareBalances(record, balance, of, mode);
  if (compared.length < 2) return undefined;
  const limit = divergenceLimit(of);
  const diverged = compared.findIndex((_, index) => hasDiverged(compared, index, limit));
  const held = diverged < 0 ? compared : compared.slice(0, Math.max(1, diverged));
  const first = compared[0] as Compared;
  const found = summarize('balance', of, held, first.atMs);
  const divergedAt = compared[diverged];
  if (!divergedAt) return found;
  return {
    ...found,
    findings: [
      ...found.findings,
      { code: 'graded-until', at: iso(divergedAt.atMs), cause: causeOf(divergedAt, compared.slice(diverged), of) },
    ],
  };
}

/** Credits: a tenth of the maximum, which rounded averages do not add up to. */
function divergenceLimit({ credits }: Burstable): number {
  return Math.max(3, credits.maxAccruedCredits / 10);
}

/** Two points in a row, so that a single odd one is an error and no change. */
function hasDiverged(compared: readonly Compared[], index: number, limit: number): boolean {
  const [here, next] = [compared[index], compared[index + 1]];
  return (
    here !== undefined && next !== undefined && Math.abs(here.difference) > limit && Math.abs(next.difference) > limit
  );
}

function causeOf(
  { recorded, before }: Compared,
  since: readonly Compared[],
  { credits }: Burstable,
): RecordFinding<'graded-until'>['cause'] {
  if (since.some((each) => each.recorded > credits.maxAccruedCredits + credits.launchCredits + 1)) return 'other-type';
  // A start takes what was earned and gives launch credits.
  if (
    before - recorded > 0.05 * credits.maxAccruedCredits &&
    recorded <= credits.launchCredits + credits.creditsEarnedPerHour
  )
    return 'restart';
  if (recorded < 1 && since.slice(0, 12).every((each) => each.recorded < 1)) return 'unlimited';
  return 'unknown';
}

function compareBalances(
  { begins, ends, used }: CpuRecord,
  balance: RecordedSeries,
  of: Burstable,
  mode: CreditMode,
): Compared[] {
  const compared: Compared[] = [];
  let place = 0;
  let bank: CreditBank | undefined;
  let atMs = 0;
  let recordedBefore = 0;
  for (let index = 0; index < used.length; index++) {
    const vcpus = ((used[index] as number) / 100) * of.vcpus;
    const end = ends[index] as number;
    if (bank && atMs < (begins[index] as number))
      bank = spendCredits(of, bank, { durationMs: (begins[index] as number) - atMs, vcpus }).bank;
    if (bank) atMs = Math.max(atMs, begins[index] as number);
    while (place < balance.ends.length && (balance.ends[place] as number) <= end) {
      const balanceAt = balance.ends[place] as number;
      const recorded = balance.values[place] as number;
      place++;
      if (balanceAt <= (begins[index] as number)) continue;
      if (!bank) bank = bankOf(of, mode, recorded);
      else {
        bank = spendCredits(of, bank, { durationMs: balanceAt - atMs, vcpus }).bank;
        const modelled = creditBalance(bank);
        compared.push({ atMs: balanceAt, difference: modelled - recorded, recorded, before: recordedBefore, modelled });
      }
      atMs = balanceAt;
      recordedBefore = recorded;
    }
    if (bank && atMs < end) {
      bank = spendCredits(of, bank, { durationMs: end - atMs, vcpus }).bank;
      atMs = end;
    }
  }
  return compared;
}

/** How much of a balance are launch credits is not recorded: what is beyond the maximum. */
function bankOf({ credits }: Burstable, mode: CreditMode, recorded: number): CreditBank {
  const earnedBalance = Math.min(recorded, credits.maxAccruedCredits);
  const launchBalance = mode === 'standard' ? Math.min(credits.launchCredits, recorded - earnedBalance) : 0;
  return { mode, launchBalance, earnedBalance, surplusBalance: 0 };
}

/** Credits per period: one vCPU at 100 % for a minute is one. */
function gradeUsage({ begins, ends, used }: CpuRecord, usage: RecordedSeries, of: InstanceType): Grade | undefined {
  const compared: Compared[] = [];
  let place = 0;
  for (let index = 0; index < usage.begins.length; index++) {
    const [from, to] = [usage.begins[index] as number, usage.ends[index] as number];
    while (place < used.length && (ends[place] as number) <= from) place++;
    let [credits, coveredMs] = [0, 0];
    for (let each = place; each < used.length && (begins[each] as number) < to; each++) {
      const ms = Math.min(to, ends[each] as number) - Math.max(from, begins[each] as number);
      credits += ((used[each] as number) / 100) * of.vcpus * (ms / 60_000);
      coveredMs += ms;
    }
    if (coveredMs < 0.99 * (to - from)) continue;
    const recorded = usage.values[index] as number;
    compared.push({ atMs: to, difference: credits - recorded, recorded, before: recorded, modelled: credits });
  }
  return compared.length < 2 ? undefined : summarize('usage', of, compared, (compared[0] as Compared).atMs);
}

function summarize(
  metric: 'balance' | 'usage',
  of: InstanceType,
  compared: readonly Compared[],
  fromMs: number,
): Grade {
  const differences = compared.map(({ difference }) => Math.abs(difference));
  const maxDifferenceCredits = round(differences.reduce((most, each) => Math.max(most, each), 0));
  const meanDifferenceCredits = round(differences.reduce((sum, each) => sum + each, 0) / differences.length);
  const days = ((compared.at(-1) as Compared).atMs - fromMs) / 86_400_000;
  const figures = { maxDifferenceCredits, meanDifferenceCredits };
  return {
    ...figures,
    findings: [{ code: 'graded-against-aws', of: of.instanceType, metric, ...figures, points: compared.length, days }],
  };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
