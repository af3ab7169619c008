// Whether a burstable machine was one and the same for the whole measurement, or changed from burst to its credit baseline.
import { creditBaselineVcpus, instanceCatalogue } from '../../model/instance-catalogue.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { formatPercent } from '../format/format.ts';

/** CPU credits; less is none, but for rounding. */
const noneLeft = 0.05;
/** With less, what is earned is spent at once. */
const spentAtOnce = 1;
/** Mean stolen CPU of a stage: a throttled T2 has most of its CPU stolen, a neighbour takes a few percent. */
const throttledPercent = 25;
const freePercent = 5;

/** Of the credit baseline: a machine that uses more has something else to spend than what it earns. */
const mostOfBaseline = 1.5;

/**
 * Whether a type that throttles by default had no CPU credits in a stage: the balance was at its end, and no more CPU was used than is
 * earned. One credit is a minute of a whole vCPU, and a machine in unlimited mode goes on at full speed on surplus. False where the balance
 * was not seen.
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
 * In one sentence, when the CPU credits ran out (or came back) between the judged requests of a run: their figures are of two machines,
 * a fast and a slow one. Without a balance, stolen CPU tells, except of an emulated machine, which is given less by intent.
 */
export function describeCreditChange(run: RunRecord, observed: Observed | undefined): string | undefined {
  const judged = (observed?.stages ?? []).filter((_, index) =>
    ['measured', 'probe'].includes(run.stages[index]?.role ?? ''),
  );
  const balances = judged.flatMap(({ name, metrics }) => {
    const balance = metrics['aws.ec2.cpucredit_balance'];
    return balance ? [{ name, ...balance }] : [];
  });
  const empty = balances.find((stage) => stage.min <= noneLeft);
  if (empty && balances.some((stage) => stage.max > noneLeft)) {
    const whole = empty.max <= noneLeft ? 'there were none in' : 'they ran out in';
    return `the CPU credits did not stay: ${whole} stage ${empty.name}, so part of the figures are of the full machine and part of its credit baseline; run shorter, or begin with --credits empty`;
  }
  if (balances.length > 0 || observed?.sources.some(({ source }) => source === 'emulated')) return undefined;
  const stolen = judged.flatMap(({ name, metrics }) => {
    const { avg } = metrics['system.cpu.stolen'] ?? {};
    return avg === undefined ? [] : [{ name, avg }];
  });
  const throttled = stolen.find(({ avg }) => avg >= throttledPercent);
  const free = stolen.find(({ avg }) => avg <= freePercent);
  if (!throttled || !free) return undefined;
  return `the machine changed: ${formatPercent(throttled.avg)} of its CPU was stolen in stage ${throttled.name}, ${formatPercent(free.avg)} in stage ${free.name}: its CPU credits ran out, or a neighbour took it`;
}
