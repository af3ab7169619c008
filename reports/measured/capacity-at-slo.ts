// The highest arrival rate that met the SLO while the instance had CPU credits.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { CapacityAtSlo } from '../schema/judged.ts';
import { isWithoutCredits } from './credit-regime.ts';
import { widenForSharing } from './shared-core.ts';
import { wholeVcpuFactor } from './whole-vcpus.ts';

/**
 * Of whole vCPUs: from the open blocks of a run, else from the capacity stage of a run on a named type. Undefined without either, and where
 * an instance had no credits left in one of the probes.
 */
export function findCapacityAtSlo(run: RunRecord, observed: Observed | undefined): CapacityAtSlo | undefined {
  const searched = run.capacityAtSlo ?? (run.target.instanceType === undefined ? undefined : run.capacity);
  if (!searched || searched.probes.some(({ stage }) => isWithoutCredits(run, observed, stage))) return undefined;
  const whole = (perS: number) => wholeVcpuFactor(run, { role: 'probe' }, perS) * perS;
  const { arrivalRatePerS, low, high, slo } = searched;
  const wider = widenForSharing(run, { value: arrivalRatePerS, low, high }, 1);
  return {
    arrivalRatePerS: whole(arrivalRatePerS),
    low: whole(wider.low),
    high: whole(wider.high),
    slo,
    ...(run.capacityAtSlo?.atLeast && { atLeast: true }),
    ...(run.capacityAtSlo?.atMost && { atMost: true }),
  };
}
