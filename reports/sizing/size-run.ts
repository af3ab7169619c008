// A measured run -> which type fits, why, until when, and what it costs.
import type { InstanceType } from '../../model/instance-catalogue.ts';
import { toldShare } from '../measured/whole-vcpus.ts';
import type { Estimate } from '../series/regression.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { type Recommendation, recommend } from './recommendation.ts';
import { measureServiceDemand, presentDemand, type ServiceDemand } from './service-demand.ts';
import { type SizedInstance, sizeInstance } from './size-type.ts';
import type { SizingInput } from './type-figures.ts';

export type Sizing = {
  readonly run: string;
  readonly instances: readonly SizedInstance[];
  /** CPU time of one request on the measured machine; absent when it was not measured. */
  readonly serviceDemandMs?: Estimate;
  readonly serviceDemand?: ServiceDemand;
  /** Share of a core of the measuring machine that one vCPU was; absent when nothing was emulated. */
  readonly vcpuShare?: number;
  readonly traffic?: Omit<Traffic, 'pieces'>;
  readonly recommendation: Recommendation;
  /** 0: a verdict; 4: none. */
  readonly exitCode: 0 | 4;
};

/** Judges each type, in the order given. */
export function sizeRun(input: Omit<SizingInput, 'demand'>, types: readonly InstanceType[]): Sizing {
  const { run, observed } = input;
  const found = measureServiceDemand(run, observed);
  const demand = presentDemand(found);
  const full: SizingInput = { ...input, demand: found };
  const instances = types.map((type) => sizeInstance(full, type));
  const isDecided =
    instances.some((each) => each.verdict === 'fits') || instances.every((each) => each.verdict === 'does-not-fit');
  const share = toldShare(run);
  return {
    run: run.id,
    instances,
    ...(demand && { serviceDemandMs: demand.used.demandMs, serviceDemand: demand }),
    ...(share !== undefined && { vcpuShare: share }),
    ...(input.traffic && { traffic: withoutPieces(input.traffic) }),
    recommendation: recommend(full, instances),
    exitCode: isDecided ? 0 : 4,
  };
}

function withoutPieces({ pieces: _, ...traffic }: Traffic): Omit<Traffic, 'pieces'> {
  return traffic;
}
