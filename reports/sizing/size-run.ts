// A measured run -> which type fits, why, until when, and what it costs.
import type { InstanceType } from '../../model/instance-catalogue.ts';
import { formatRate } from '../format/format.ts';
import type { Estimate } from '../series/regression.ts';
import type { Traffic } from '../traffic/traffic.ts';
import type { MeasuredType } from './measured-type.ts';
import { measureServiceDemand, type ServiceDemand } from './service-demand.ts';
import { type SizedInstance, type SizingInput, sizeInstance } from './size-type.ts';

export type Recommendation = {
  /** The cheapest type that fits; absent when none is known to. */
  readonly instanceType?: string;
  readonly text: string;
  /** Against `comparedWith`; absent when it is not cheaper. */
  readonly savesUsdPerMonth?: number;
  readonly comparedWith?: string;
  /** The cheapest that would decide what is open, or make the verdict one about the traffic that there is. */
  readonly nextExperiment?: string;
};

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
  const demand = measureServiceDemand(input.run, input.observed);
  const full: SizingInput = { ...input, demand };
  const instances = types.map((type) => sizeInstance(full, type));
  const recommendation = recommend(full, instances);
  const decided =
    recommendation.instanceType !== undefined || instances.every((each) => each.verdict === 'does-not-fit');
  const measured = typeof demand === 'string' ? undefined : demand;
  const { pieces: _, ...traffic } = input.traffic ?? { pieces: [] };
  return {
    run: input.run.id,
    instances,
    ...(measured && { serviceDemandMs: measured.used.demandMs, serviceDemand: measured }),
    ...(input.run.target.vcpuShare !== undefined && { vcpuShare: input.run.target.vcpuShare }),
    ...('source' in traffic && { traffic }),
    recommendation,
    exitCode: decided ? 0 : 4,
  };
}

const tellTraffic =
  'tell the traffic for a verdict on yours: npm run size -- RUN --daily N, or --traffic with an access log of a usual day';

function recommend(input: SizingInput, instances: readonly SizedInstance[]): Recommendation {
  const byPrice = [...instances].sort((a, b) => a.usdPerMonth - b.usdPerMonth);
  const best = byPrice.find((each) => each.verdict === 'fits');
  const open = byPrice.find(
    (each) => each.verdict === 'inconclusive' && (!best || each.usdPerMonth < best.usdPerMonth),
  );
  const nextExperiment = open && describeExperiment(input, open);
  const tell = input.traffic ? undefined : tellTraffic;
  const next = nextExperiment === undefined && !tell ? {} : { nextExperiment: nextExperiment ?? tell ?? '' };
  if (!best) {
    return {
      text: open
        ? `No type is known to fit yet: whether ${open.instanceType} does is open (${open.because}).`
        : 'None of these types fits: try larger ones with --on.',
      ...next,
    };
  }
  const reference =
    instances.find((each) => each.instanceType === input.run.target.instanceType) ?? byPrice.at(-1) ?? best;
  const saves = reference.usdPerMonth - best.usdPerMonth;
  const saving = saves > 0 ? `, $${saves.toFixed(2)} less than ${reference.instanceType}` : '';
  return {
    instanceType: best.instanceType,
    text: `${best.instanceType} fits${best.sustainableLoad ? ` ${best.because}. It` : ' and'} costs $${best.usdPerMonth.toFixed(2)} a month${saving}.${open ? ` ${open.instanceType} would cost $${open.usdPerMonth.toFixed(2)}; whether it fits is open.` : ''}`,
    ...(saves > 0 && { savesUsdPerMonth: saves, comparedWith: reference.instanceType }),
    ...next,
  };
}

const loadIt = 'repeat the run with a load that grows until the throughput stops rising: --profile stress';
const observeIt =
  'repeat the run with the host observed: --metrics local on the machine itself, or --metrics datadog --host H';

/** What would decide an open verdict at the least expense. */
function describeExperiment({ traffic, run, demand }: SizingInput, open: SizedInstance): string {
  const { limitedBy, instanceType, sustainedPerS, memory } = open;
  const emulated = `npm run stress -- --instances ${instanceType} --emulate always`;
  const rateFor = (measured: MeasuredType | undefined) => measured?.sustained?.perS ?? sustainedPerS?.value ?? 1;
  switch (limitedBy) {
    case 'memory':
      if (!memory) return observeIt;
      return memory.goneInHours
        ? `half an hour at the usual rate shows whether its memory goes on growing: ${emulated} --profile soak --duration 1900`
        : `run it within the memory of a ${instanceType}: ${emulated} --profile soak`;
    case 'burst-cpu':
      return `run 10 minutes more at ${formatRate(traffic?.peakPerS ?? 0)}: ${emulated} --rate ${Math.ceil(traffic?.peakPerS ?? 1)} --duration 600`;
    case 'credits': {
      const rate = Math.max(1, Math.round(rateFor(open.measured)));
      return `run 10 minutes more at ${formatRate(rate)}, what a ${instanceType} can do around the clock: ${emulated} --credits empty --rate ${rate} --duration 600`;
    }
    case 'latency': {
      const rate = Math.max(1, Math.floor(0.8 * rateFor(open.measured)));
      return `run a minute without credits at ${formatRate(rate)}, a fifth below what a ${instanceType} can do around the clock: ${emulated} --credits empty --rate ${rate} --duration 60`;
    }
    default:
      if (run.validity.verdict === 'invalid') return 'repeat the run where nothing disturbs it';
      if (typeof demand !== 'string' && traffic?.doubt !== undefined)
        return 'size it again with the traffic of a whole day, in a file that can be read';
      if (run.status === 'interrupted' || run.status === 'running') return 'repeat the run, and let it come to its end';
      return typeof demand !== 'string' && demand.lightUse !== undefined ? loadIt : observeIt;
  }
}
