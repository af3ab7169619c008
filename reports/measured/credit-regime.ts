// Whether a burstable instance had CPU credits during the whole measurement, or was throttled in part of it.

import { creditBaselineVcpus, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { found } from '../schema/verdict-findings.ts';

/** CPU credits; less is none, except for rounding. */
const noneLeft = 0.05;
/** With less, credits are spent as they are earned. */
const spentAtOnce = 1;
/** Mean stolen CPU of a stage: a throttled T2 has most of its CPU stolen, other instances take a few percent. */
const throttledPercent = 25;
const freePercent = 5;

/** Of the baseline performance: an instance that uses more spends other credits than those it earns. */
const mostOfBaseline = 1.5;

/**
 * Whether a type that throttles by default had no CPU credits in a stage: the balance was used up, and no more CPU was used than is
 * earned. One credit is a minute of a whole vCPU; an instance in unlimited mode continues at full speed on surplus credits. False where the
 * balance was not recorded.
 */
export function isWithoutCredits({ target }: RunRecord, observed: Observed | undefined, stage: number): boolean {
  const type = instanceCatalogue.find(({ instanceType }) => instanceType === target.instanceType);
  const { 'aws.ec2.cpucredit_balance': balance, 'aws.ec2.cpuutilization': used } =
    observed?.stages[stage]?.metrics ?? {};
  if (type?.credits?.defaultMode !== 'standard' || !balance || balance.max >= spentAtOnce) return false;
  if (!used) return balance.max <= noneLeft;
  return used.avg <= (mostOfBaseline * 100 * creditBaselineVcpus(type.credits)) / type.vcpus;
}

/**
 * That the CPU credits ran out (or came back) between the measured stages: some figures are with credits and some at baseline performance.
 * Without a recorded balance, stolen CPU shows it, except on an emulated instance, whose quota is stolen CPU by intent.
 */
export function findCreditChange(run: RunRecord, observed: Observed | undefined): Finding | undefined {
  const judged = (observed?.stages ?? []).filter((_, index) =>
    ['measured', 'probe'].includes(run.stages[index]?.role ?? ''),
  );
  const balances = judged.flatMap(({ name, metrics }) => {
    const balance = metrics['aws.ec2.cpucredit_balance'];
    return balance ? [{ name, ...balance }] : [];
  });
  const empty = balances.find((stage) => stage.min <= noneLeft);
  if (empty && balances.some((stage) => stage.max > noneLeft))
    return found('credits-ran-out', { stage: empty.name, noneFromBegin: empty.max <= noneLeft });
  if (balances.length > 0 || observed?.sources.some(({ source }) => source === 'emulated')) return undefined;
  const stolen = judged.flatMap(({ name, metrics }) => {
    const { avg } = metrics['system.cpu.stolen'] ?? {};
    return avg === undefined ? [] : [{ name, avg }];
  });
  const throttled = stolen.find(({ avg }) => avg >= throttledPercent);
  const free = stolen.find(({ avg }) => avg <= freePercent);
  if (!throttled || !free) return undefined;
  return found('stolen-cpu-changed', {
    stage: throttled.name,
    stolenPercent: throttled.avg,
    otherStage: free.name,
    otherPercent: free.avg,
  });
}
