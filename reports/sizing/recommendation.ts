// The cheapest type that fits, and what to do next.

import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { folderOfRecord, invocationOfRecord } from '../../model/command-line.ts';
import { isHere } from '../../model/is-here.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { RecommendationFindings, Repetition } from '../schema/recommendation-findings.ts';
import type { SizingFinding } from '../schema/sizing-findings.ts';
import type { SizedInstance } from './size-type.ts';
import type { SizingInput } from './type-basis.ts';

/** `instanceType` is the cheapest type that fits; absent when none is known to. */
export type Recommendation = SizingFinding<'recommend-type' | 'recommend-undecided' | 'recommend-larger'> & {
  /** The cheapest that would decide what is inconclusive, or make the verdict one about the actual traffic. */
  readonly nextExperiment?: NextExperiment;
};

type NextExperiment = SizingFinding<Extract<keyof RecommendationFindings, `next-${string}`>>;

/** Recommends one of the sized types. */
export function recommend(input: SizingInput, instances: readonly SizedInstance[]): Recommendation {
  const byPrice = [...instances].sort((a, b) => priceOf(a) - priceOf(b));
  const best = byPrice.find((each) => each.verdict === 'fits');
  const undecided = byPrice.find((each) => each.verdict === 'inconclusive' && (!best || priceOf(each) < priceOf(best)));
  const nextExperiment = chooseExperiment(input, undecided, instances);
  const next = nextExperiment && { nextExperiment };
  if (!best) {
    if (!undecided) return { code: 'recommend-larger', ...next };
    return { code: 'recommend-undecided', undecided: undecided.instanceType, because: undecided.because, ...next };
  }
  return {
    code: 'recommend-type',
    instanceType: best.instanceType,
    ...present({ usdPerMonth: best.usdPerMonth }),
    ...findSaving(best, byPrice, input.run.target.instanceType),
    ...(best.sustainableLoad && { load: { code: 'sustainable-load', ...best.sustainableLoad } }),
    ...(undecided && {
      undecided: { instanceType: undecided.instanceType, ...present({ usdPerMonth: undecided.usdPerMonth }) },
    }),
    ...next,
  };
}

/** Against the run's own type, else the most expensive one. */
function findSaving(
  best: SizedInstance,
  byPrice: readonly SizedInstance[],
  own: InstanceType['instanceType'] | undefined,
) {
  const reference = byPrice.find(({ instanceType }) => instanceType === own) ?? byPrice.at(-1) ?? best;
  const savesUsdPerMonth = (reference.usdPerMonth ?? Number.NaN) - (best.usdPerMonth ?? Number.NaN);
  return savesUsdPerMonth > 0 ? { savesUsdPerMonth, comparedWith: reference.instanceType } : {};
}

/** A type without a price is the last that is recommended. */
function priceOf({ usdPerMonth }: SizedInstance): number {
  return usdPerMonth ?? Number.MAX_VALUE;
}

function chooseExperiment(
  input: SizingInput,
  undecided: SizedInstance | undefined,
  instances: readonly SizedInstance[],
): NextExperiment | undefined {
  if (undecided) return decisiveExperiment(input, undecided);
  if (input.traffic) return undefined;
  const { command, id } = input.run;
  const types = instances.map(({ instanceType }) => instanceType);
  return { code: 'next-workload', invocation: invocationOfRecord(command), run: folderOfRecord(command, id), types };
}

/** What would decide an inconclusive verdict at the least expense. */
function decisiveExperiment(input: SizingInput, undecided: SizedInstance): NextExperiment | undefined {
  const { limitedBy, instanceType, memory } = undecided;
  const on = { instanceType, ...repetitionOf(input.run) };
  const sustainedPerS = undecided.measured?.sustained?.perS ?? undecided.sustainedPerS?.value ?? 1;
  switch (limitedBy) {
    case 'memory':
      return memory ? { code: 'next-soak', ...on, growth: memory.goneInHours !== undefined } : collectHost(input.run);
    case 'burst-cpu': {
      const ratePerS = Math.ceil(input.traffic?.peakPerS ?? 1);
      return { code: 'next-rate', ...on, of: 'burst', ratePerS, durationS: 600 };
    }
    case 'credits': {
      const ratePerS = Math.max(1, Math.round(sustainedPerS));
      return { code: 'next-rate', ...on, of: 'sustained', ratePerS, durationS: 600 };
    }
    case 'latency': {
      const ratePerS = Math.max(1, Math.floor(0.8 * sustainedPerS));
      return { code: 'next-rate', ...on, of: 'latency', ratePerS, durationS: 60 };
    }
    default:
      return betterMeasurement(input);
  }
}

function betterMeasurement({ run, demand, traffic }: SizingInput): NextExperiment | undefined {
  if (run.validity.verdict === 'invalid') return { code: 'next-idle-host' };
  if (!('code' in demand) && traffic?.caveat !== undefined) return { code: 'next-whole-day' };
  if (run.status === 'interrupted' || run.status === 'running') return { code: 'next-complete' };
  if (!('code' in demand))
    return demand.lightUse === undefined ? undefined : { code: 'next-saturate', ...repetitionOf(run) };
  switch (demand.code) {
    case 'host-not-observed':
      return collectHost(run);
    case 'no-cpu-above-rest':
      return { code: 'next-idle-host' };
    case 'no-steady-stage':
    case 'ended-before-measured-stage':
      return { code: 'next-saturate', ...repetitionOf(run) };
    default:
      // The reason itself says what to do.
      return undefined;
  }
}

function collectHost(run: RunRecord): NextExperiment {
  const local = run.target.startedByHarness || isHere(new URL(run.target.url));
  return { code: 'next-collect-host', ...repetitionOf(run), local };
}

/** An emulated instance can be started again for the shortener alone; any other target needs its own flags. */
export function repetitionOf({ command, target: { startedByHarness, kind, with: programs } }: RunRecord): Repetition {
  const target = !startedByHarness ? 'remote' : kind === 'shortener' ? 'shortener' : 'app';
  return { command, invocation: invocationOfRecord(command), target, ...(programs && { with: programs }) };
}
