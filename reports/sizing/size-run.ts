// A measured run -> which type fits, why, until when, and what it costs.
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { toldShare } from '../measured/whole-vcpus.ts';
import type { SizingFinding } from '../schema/sizing-findings.ts';
import type { Estimate } from '../series/regression.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { describeOthers, findOthers } from './demand/others.ts';
import { measureServiceDemand, presentDemand, type ServiceDemand } from './demand/service-demand.ts';
import { type Recommendation, recommend } from './recommendation.ts';
import { type SizedInstance, sizeInstance } from './size-type.ts';
import type { SizingInput } from './type-basis.ts';

export type Sizing = {
  readonly run: string;
  readonly instances: readonly SizedInstance[];
  /** What is counted beside the app. */
  readonly counted: SizingFinding<'counted-beside-app'>;
  /** CPU time of one request on the measured machine; absent when it was not measured. */
  readonly serviceDemandMs?: Estimate;
  readonly serviceDemand?: ServiceDemand;
  /** Share of a core of the measuring machine that one vCPU was; absent when nothing was emulated. */
  readonly vcpuShare?: number;
  readonly traffic?: Omit<Traffic, 'pieces'>;
  readonly recommendation: Recommendation;
  /** 4: no type fits the traffic, or which does is inconclusive; without traffic: the measurement says nothing. */
  readonly exitCode: 0 | 4;
};

/** Judges each type, in the order given. */
export function sizeRun(input: Omit<SizingInput, 'demand'>, types: readonly InstanceType[]): Sizing {
  const { run, observed } = input;
  const found = measureServiceDemand(run, observed);
  const demand = presentDemand(found);
  const full: SizingInput = { ...input, demand: found };
  const instances = types.map((type) => sizeInstance(full, type));
  const share = toldShare(run);
  const others = findOthers(input, input.count, demand);
  return {
    run: run.id,
    instances,
    counted: describeOthers(others, input.count),
    ...(demand && { serviceDemandMs: demand.used.demandMs, serviceDemand: demand }),
    ...(share !== undefined && { vcpuShare: share }),
    ...(input.traffic && { traffic: withoutPieces(input.traffic) }),
    recommendation: recommend(full, instances),
    exitCode: isAnswered(full, instances) ? 0 : 4,
  };
}

/** With traffic a type must fit it. Without, a valid measurement says what the types sustain, as far as its load went. */
function isAnswered({ run, demand, traffic }: SizingInput, instances: readonly SizedInstance[]): boolean {
  if (instances.some((each) => each.verdict === 'fits')) return true;
  const isWhole = run.status === 'complete' && run.validity.verdict === 'valid';
  return !traffic && isWhole && !('code' in demand);
}

function withoutPieces({ pieces: _, ...traffic }: Traffic): Omit<Traffic, 'pieces'> {
  return traffic;
}
