// Every type of the catalogue with its capacity and its price, predicted from the measured runs: what else could be bought.
import { instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import { present } from '../../model/present.ts';
import type { Estimate } from '../series/regression.ts';
import type { RunSeen } from '../sizing/rates/measured-type.ts';
import { sizeRuns } from '../sizing/size-runs.ts';
import type { SizedInstance } from '../sizing/size-type.ts';
import type { Workload } from '../traffic/day-load.ts';

export type TypeChoice = Pick<SizedInstance, 'instanceType' | 'verdict' | 'usdPerMonthUnlimited'> & {
  readonly usdPerMonth: number;
  /** At the baseline performance: on EC2 where that is known. */
  readonly sustainedPerS: Estimate;
};

/** The cheapest first; without types whose sustained rate or price is not known. */
export function findChoices(seen: readonly RunSeen[], workload: Workload | undefined): readonly TypeChoice[] {
  const instances = sizeRuns(seen, instanceCatalogue, workload)?.sizing.instances ?? [];
  return instances
    .flatMap((sized): TypeChoice[] => {
      const { instanceType, verdict, usdPerMonth, usdPerMonthUnlimited } = sized;
      const sustainedPerS = sustainedOf(sized);
      if (usdPerMonth === undefined || !sustainedPerS || !(sustainedPerS.value > 0)) return [];
      return [{ instanceType, verdict, usdPerMonth, sustainedPerS, ...present({ usdPerMonthUnlimited }) }];
    })
    .sort((a, b) => a.usdPerMonth - b.usdPerMonth);
}

/** As the verdict takes it: on EC2, else measured, else predicted. */
export function sustainedOf({ onEc2, measured, sustainedPerS, sustainableLoad }: SizedInstance): Estimate | undefined {
  const { perS: value, low, high } = measured?.sustained ?? {};
  const found = value !== undefined && low !== undefined && high !== undefined ? { value, low, high } : undefined;
  return onEc2?.sustainedPerS ?? sustainableLoad?.sustainedPerS ?? found ?? sustainedPerS;
}
