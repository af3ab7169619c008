// What the verdict rests on, in a few sentences.
import type { Finding } from '../../model/finding.ts';
import { present } from '../../model/present.ts';
import type { Validity } from '../../model/run-record.ts';
import type { ThresholdResult } from '../../model/threshold.ts';
import type { MemoryKilled } from '../schema/check-findings.ts';
import type { Busiest, CapacityAtSlo, Judged, JudgedCapacity, Limit, Saturation } from '../schema/judged.ts';
import type { CommandEffect } from '../schema/judged-stage.ts';
import { found } from '../schema/verdict-findings.ts';

type Facts = {
  readonly verdict: Judged['verdict'];
  readonly validity: Validity;
  readonly thresholds: readonly ThresholdResult[];
  readonly partial: Finding | undefined;
  readonly killed: MemoryKilled | undefined;
  readonly busiest?: Busiest;
  readonly saturation?: Saturation;
  readonly capacity?: JudgedCapacity;
  readonly capacityAtSlo?: CapacityAtSlo;
  readonly commands: readonly CommandEffect[];
  /** Of the run. */
  readonly instanceType: string | undefined;
  readonly sizing?: Judged['sizing'];
  /** Monitors that had to fire and did not. */
  readonly silent: readonly Finding[];
};

/** The reasons of the verdict, then how fast the target is, then its caveats. */
export function findHeadline(facts: Facts): Judged['headline'] {
  return { code: 'headline', parts: [...findReasons(facts), ...findSpeed(facts), ...findCaveat(facts)] };
}

function findReasons({ verdict, validity, thresholds, partial, killed, capacity, silent }: Facts): Finding[] {
  if (verdict === 'pass') return thresholds.length === 0 && !capacity ? [found('no-threshold-set', {})] : [];
  if (verdict === 'fail')
    return [...(killed ? [{ code: 'memory-killed', ...killed }] : []), ...findFailed(thresholds), ...silent];
  if (validity.verdict === 'invalid') return [notValid(validity)];
  if (partial !== undefined) return [partial];
  if (validity.verdict === 'inconclusive' && validity.reasons.length > 0) return [notValid(validity)];
  const missing = thresholds.filter((each) => each.verdict === 'no-data');
  return [found('thresholds-without-data', { expressions: missing.map(({ expression }) => expression) })];
}

function findFailed(thresholds: readonly ThresholdResult[]): Finding[] {
  const failed = thresholds.flatMap(({ verdict, expression, value, unit }) =>
    verdict === 'fail' && value !== undefined ? [{ expression, value, unit }] : [],
  );
  return failed.length > 0 ? [found('thresholds-failed', { failed, of: thresholds.length })] : [];
}

function findSpeed(facts: Facts): Finding[] {
  const { commands, saturation, busiest, thresholds, verdict, capacity } = facts;
  if (capacity) {
    const { arrivalRatePerS, low, high, slo } = capacity;
    return [found('capacity-found', { arrivalRatePerS, low, high, slo }), bottleneck(capacity)];
  }
  if (saturation) {
    const { throughputPerS, low, high, connections, highest } = saturation;
    const interval = low !== undefined && high !== undefined ? { low, high } : {};
    return [
      found('saturates-at', { throughputPerS, ...interval, connections, ...(highest && { highest }) }),
      ...(facts.capacityAtSlo ? [found('capacity-at-slo', facts.capacityAtSlo)] : []),
      ...findOnEc2(facts),
      bottleneck(saturation),
    ];
  }
  if (!busiest) return [];
  const { throughputPerS, connections, errorRatePercent } = busiest;
  return [
    ...(verdict === 'pass' && thresholds.length > 0 ? [found('thresholds-hold', { count: thresholds.length })] : []),
    found('highest-throughput', { throughputPerS, ...present({ connections, errorRatePercent }) }),
    ...findCommandCpu(commands[0]),
  ];
}

/** What was measured on cores of this machine, as the run's own type would do it; not from an invalid measurement. */
function findOnEc2({ instanceType, sizing, validity }: Facts): Finding[] {
  if (validity.verdict === 'invalid') return [];
  const { onEc2, withinSlo } = sizing?.types.find((each) => each.instanceType === instanceType) ?? {};
  const { sustainedPerS, burstPerS } = onEc2 ?? {};
  if (instanceType === undefined || !sustainedPerS || !burstPerS) return [];
  const { perS, ...within } = withinSlo ?? { perS: burstPerS };
  return [found('speed-on-ec2', { instanceType, sustainedPerS, burstPerS: perS, ...within })];
}

function bottleneck({ limitedBy }: Limit): Finding {
  return found('bottleneck', { limitedBy });
}

/** The effect of a build during the load is what such a run is made for. */
function findCommandCpu(effect: CommandEffect | undefined): Finding[] {
  const { before, during } = effect?.problem === undefined ? (effect ?? {}) : {};
  if (before?.cpuPercent === undefined || during?.cpuPercent === undefined) return [];
  const p99Us =
    before.latencyUs && during.latencyUs ? { p99Us: { from: before.latencyUs.p99, to: during.latencyUs.p99 } } : {};
  return [found('command-took-cpu', { cpuPercent: { from: before.cpuPercent, to: during.cpuPercent }, ...p99Us })];
}

/** Of a run that is not valid and has a verdict all the same. */
function findCaveat({ verdict, validity, killed }: Facts): Finding[] {
  return !killed && verdict !== 'no-verdict' && validity.verdict !== 'valid' ? [notValid(validity)] : [];
}

function notValid({ verdict, reasons }: Validity): Finding {
  const first = reasons[0] ?? found('no-request-answered', {});
  return found('not-valid', { verdict, first, count: reasons.length });
}
