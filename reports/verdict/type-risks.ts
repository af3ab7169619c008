// What may go wrong on the instance type of a run, the largest risk first.
import { type BurstableType, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Judged } from '../schema/judged.ts';
import type { Risk } from '../schema/risk-findings.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { hoursToThrottle } from '../sizing/rates/sustainable-load.ts';

/** Monitors of what users notice; those of the CPU fire whenever headroom makes load. */
const ofUsers = ['app-p99', 'nginx-5xx', 'memory-usable'];

type Facts = Pick<Judged, 'alarms' | 'sizing' | 'stages'>;

/** Of the type that the run was on; empty where that is not known. */
export function findTypeRisks({ target: { instanceType } }: RunRecord, facts: Facts): Risk[] {
  if (instanceType === undefined) return [];
  return [
    ...findAlarmRisks(instanceType, facts),
    ...findBuildMemoryRisks(instanceType, facts),
    ...ofCredits(instanceType, facts),
  ];
}

export function findAlarmRisks(instanceType: string, { alarms }: Pick<Facts, 'alarms'>): Risk[] {
  return (alarms?.monitors ?? []).flatMap(({ key: monitor, backtest: { result, why } }) =>
    ofUsers.includes(monitor) && (result === 'alert' || result === 'warning')
      ? [{ code: 'risk-alarm' as const, instanceType, monitor, result, why }]
      : [],
  );
}

export function findBuildMemoryRisks(instanceType: string, { sizing }: Pick<Facts, 'sizing'>): Risk[] {
  const builds = (sizing?.builds ?? []).filter((each) => each.instanceType === instanceType);
  return builds
    .filter(({ ended }) => ended === 'out-of-memory')
    .map(({ line }) => ({ code: 'risk-build-memory', instanceType, line }));
}

/** With the p99 of the stage without credits, where there was one. */
export function creditRisk(
  figures: Omit<Risk<'risk-credits-empty'>, 'code' | 'p99Us'>,
  { stages }: Pick<Facts, 'stages'>,
): Risk {
  const p99Us = stages.find(({ role }) => role === 'sustained')?.latencyUs?.p99;
  return { code: 'risk-credits-empty', ...figures, ...(p99Us !== undefined && { p99Us }) };
}

/** Not of a type that never throttles, nor where the traffic leaves credits. */
function ofCredits(instanceType: string, facts: Facts): Risk[] {
  const sized = facts.sizing?.types.find((each) => each.instanceType === instanceType);
  const type = instanceCatalogue.find((each) => each.instanceType === instanceType);
  const sustainedPerS = sized && (sized.onEc2?.sustainedPerS ?? ofThisMachine(sized));
  if (!sustainedPerS || !type?.credits || sized.timeToThrottle?.code !== 'throttles-after') return [];
  const burstable = type as BurstableType;
  return [
    creditRisk(
      {
        instanceType,
        hoursToThrottle: hoursToThrottle(burstable, burstable.vcpus),
        sustainedPerS,
        onEc2: sized.onEc2?.sustainedPerS !== undefined,
      },
      facts,
    ),
  ];
}

function ofThisMachine({
  measuredSustainedPerS: value,
  measuredSustained,
  sustainedPerS,
}: SizingRecord['types'][number]) {
  return value === undefined ? sustainedPerS : { low: value, high: value, ...measuredSustained, value };
}
