// What the figures of one type rest on: the run on the type itself, and the prediction from the measured run.
import type { CreditMode, InstanceCatalogue, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { creditModeOf } from '../../model/catalogue/instance-catalogue.ts';
import type { CreditStart } from '../../model/credits/credit-lifecycle.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Trend } from '../schema/judged.ts';
import type { Estimate } from '../series/regression.ts';
import type { Builds } from '../traffic/day-load.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { addEstimates, exactly } from './demand/estimate.ts';
import { findOthers, type Others } from './demand/others.ts';
import {
  isKnownUse,
  type MissingDemand,
  measureServiceDemand,
  presentDemand,
  type ServiceDemand,
} from './demand/service-demand.ts';
import { besideOthers } from './rates/beside-others.ts';
import { withMeasuredRates } from './rates/measured-rates.ts';
import { type MeasuredType, measuredType, type RunSeen } from './rates/measured-type.ts';
import { type OnItsVcpus, onItsVcpus } from './rates/on-ec2.ts';
import { predictType, type TypePrediction } from './rates/predict-type.ts';
import { type WithinSlo, withinSlo } from './rates/within-slo.ts';

export type SizingInput = {
  readonly run: RunRecord;
  readonly observed: Observed | undefined;
  readonly demand: ServiceDemand | MissingDemand;
  readonly traffic: Traffic | undefined;
  readonly builds: Builds | undefined;
  /** Default: each type's own. */
  readonly mode: CreditMode | undefined;
  readonly start: CreditStart;
  /** The app alone, or everything that ran on the observed host. */
  readonly count: 'app' | 'host';
  readonly catalogue: InstanceCatalogue;
  /** Of the run, where its seconds were read: whether memory grows. */
  readonly trends?: readonly Trend[];
  /** Runs on other types: what they measured replaces what is predicted. */
  readonly others?: readonly RunSeen[];
};

/** What the run on the type itself, and the prediction from the measured run, say. */
export type Basis = {
  readonly input: SizingInput;
  readonly type: InstanceType;
  /** Absent for a type of fixed performance. */
  readonly mode: CreditMode | undefined;
  readonly demand: ServiceDemand | undefined;
  /** The run on the type itself. */
  readonly own: RunSeen | undefined;
  readonly measured: MeasuredType | undefined;
  /** What `own` measured, without a burst rate of a load that did not use the CPU up. */
  readonly trusted: MeasuredType | undefined;
  readonly prediction: TypePrediction | undefined;
  /** The prediction with the measured rates: of the cores, or the real instance, that were measured. */
  readonly corrected: TypePrediction | undefined;
  /** The same on the type's own vCPUs, beside the other programs: what the verdict rests on. */
  readonly onVcpus: OnItsVcpus | undefined;
  /** With CPU credits, where a run on the type searched the rate that meets the SLO. */
  readonly withinSlo: WithinSlo | undefined;
  /** What else is counted. */
  readonly others: Others;
};

/** Looks up or predicts what the figures of a type rest on. */
export function findBasis(input: SizingInput, type: InstanceType): Basis {
  const { run } = input;
  const own = [input, ...(input.others ?? [])].find((seen) => seen.run.target.instanceType === type.instanceType);
  const measured = own && measuredType(own);
  const demand = presentDemand(input.demand);
  const prediction = demand && predictType(run, demand, type, input);
  const isUsedUp =
    own !== undefined && usedUp(own, own === input ? input.demand : measureServiceDemand(own.run, own.observed));
  const trusted = isUsedUp ? measured : withoutBurst(measured);
  const corrected = prediction && withMeasuredRates(prediction, trusted);
  const others = findOthers(input, input.count, demand);
  const onVcpus = corrected && onItsVcpus(run, corrected, input.catalogue);
  // Beside the programs of a real host its own rates were measured; those of an emulated machine were not.
  const isReal = own?.run.target.vcpuShare === undefined;
  const declared = othersOn(others, 0);
  const notMeasured = {
    ...(isReal && trusted?.burst && { burst: declared }),
    ...(isReal && trusted?.sustained && { sustained: declared }),
  };
  const onType = ({ speed }: TypePrediction) => othersOn(others, others.measuredVcpus / speed);
  const beside = onVcpus && besideOthers(onVcpus.prediction, onType(onVcpus.prediction), notMeasured);
  const { atSlo } = measured ?? {};
  return {
    input,
    type,
    mode: creditModeOf(type, input.mode),
    demand,
    own,
    measured,
    trusted,
    prediction: prediction && besideOthers(prediction, onType(prediction)),
    corrected,
    onVcpus: onVcpus && beside && { ...onVcpus, prediction: beside },
    withinSlo: atSlo && corrected && onVcpus && beside && withinSlo(atSlo, corrected, onVcpus, beside),
    others,
  };
}

/** In vCPUs of a type: a footprint is that of such a vCPU already. */
export function othersOn({ assumed }: Others, measuredVcpus: number): Estimate {
  return addEstimates([exactly(measuredVcpus), ...assumed.flatMap(({ vcpus }) => vcpus ?? [])]);
}

/** Whether the run used all CPU that its app can use; without CPU samples, whether throughput stopped rising. */
function usedUp({ run }: RunSeen, found: ServiceDemand | MissingDemand): boolean {
  const demand = presentDemand(found);
  return demand ? isKnownUse(demand, 1) : run.saturation !== undefined;
}

function withoutBurst(measured: MeasuredType | undefined): MeasuredType | undefined {
  if (!measured) return undefined;
  const { burst: _, ...rest } = measured;
  return rest;
}

/** A type that was measured at full use is known at every use, however light the load of the predicting run was. */
export function isKnown({ trusted, demand }: Basis, use: number): boolean {
  return trusted?.burst !== undefined || (demand !== undefined && isKnownUse(demand, use));
}
