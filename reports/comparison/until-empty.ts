// How long CPU credits last at each load above the sustained one: what stands where no traffic was given.
import {
  type BurstableType,
  creditBaselineVcpus,
  type InstanceType,
} from '../../model/catalogue/instance-catalogue.ts';
import { hoursToThrottle } from '../sizing/rates/sustainable-load.ts';

/** Requests per second, and hours at that load until no credit is left: after a launch, and from a full balance. */
export type UntilEmpty = readonly (readonly [perS: number, launchHours: number, fullHours: number])[];

/** Of the way from the sustained rate to the burst rate. */
const shares = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

/** CPU in use rises along a line from the baseline performance at the sustained rate to all vCPUs at the burst rate. */
export function findUntilEmpty(type: InstanceType, sustainedPerS: number, burstPerS: number): UntilEmpty {
  if (!type.credits || !(burstPerS > sustainedPerS)) return [];
  const baseline = creditBaselineVcpus(type.credits);
  return shares.map((share) => {
    const vcpus = baseline + share * (type.vcpus - baseline);
    const { launch, full } = hoursToThrottle(type as BurstableType, vcpus);
    return [sustainedPerS + share * (burstPerS - sustainedPerS), launch, full];
  });
}
