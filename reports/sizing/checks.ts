// The checks of a verdict, each by itself, in their order: measurement, memory, burst CPU, credits, network, latency.
import { present } from '../../model/present.ts';
import { findBusyBesideBlocks } from '../measured/busy-at-rest.ts';
import { killedOn } from '../measured/out-of-memory.ts';
import { isPartOfVcpu } from '../measured/whole-vcpus.ts';
import type { MemoryKilled } from '../schema/check-findings.ts';
import { checkCredits, checkSustainableLoad } from './credit-checks.ts';
import { type Check, notMeasured } from './fits/check.ts';
import { checkNetworkFit } from './fits/network-fit.ts';
import type { RunSeen } from './rates/measured-type.ts';
import { cpuHeadroom } from './rates/sustainable-load.ts';
import type { WithinSlo } from './rates/within-slo.ts';
import type { TypeFigures } from './type-figures.ts';

/** Undefined for a check that does not apply. */
type CheckType = (figures: TypeFigures) => Check | undefined;

/** In the order in which they are asked. */
export const allChecks: readonly CheckType[] = [
  checkCompleteness,
  checkValidity,
  checkShare,
  checkMemory,
  checkTraffic,
  checkServiceDemand,
  checkRest,
  checkLightLoad,
  checkSustainableLoad,
  checkBurst,
  checkCredits,
  checkNetwork,
  checkLatency,
  checkSustainedLatency,
];

function checkCompleteness({ input: { run } }: TypeFigures): Check | undefined {
  if (run.status !== 'interrupted' && run.status !== 'running') return undefined;
  return notMeasured({ code: 'run-incomplete', ...(run.statusReason && { reason: run.statusReason }) });
}

/** Of the run that is predicted from, and of that on the type itself. */
function checkValidity({ input, own }: TypeFigures): Check | undefined {
  for (const { run, observed } of own ? [input, own] : [input]) {
    if (run.validity.verdict === 'invalid') return notMeasured({ code: 'run-invalid', reasons: run.validity.reasons });
    const busy = findBusyBesideBlocks(run, observed);
    if (busy) return notMeasured({ code: 'run-invalid', reasons: [busy] });
  }
  return undefined;
}

function checkShare({ input: { run }, own }: TypeFigures): Check | undefined {
  const partial = [run, own?.run].find((each) => each !== undefined && isPartOfVcpu(each));
  return partial && notMeasured({ code: 'vcpu-share-chosen', vcpuShare: partial.target.vcpuShare ?? 1 });
}

function checkMemory({ memory, input, own, type }: TypeFigures): Check {
  const killed = findKilled([own ?? input, input, ...(input.others ?? [])], type.guestMemoryMiB * 1024 ** 2);
  if (killed) return { limit: 'memory', verdict: 'does-not-fit', because: { code: 'memory-killed', ...killed } };
  if (!memory) {
    const { observed } = own ?? input;
    const because = observed
      ? ({ code: 'memory-missing', of: input.count } as const)
      : ({ code: 'memory-not-collected' } as const);
    return { limit: 'memory', verdict: 'inconclusive', because };
  }
  const { verdict, because, neededBytes, guestBytes } = memory;
  return { limit: 'memory', verdict, because, used: neededBytes / guestBytes };
}

/** The app was killed on this type, or on one with at least its memory. */
function findKilled(runs: readonly RunSeen[], guestBytes: number): MemoryKilled | undefined {
  return runs.flatMap(({ run }) => killedOn(run) ?? []).find(({ limitBytes }) => limitBytes >= guestBytes);
}

function checkTraffic({ input: { traffic } }: TypeFigures): Check | undefined {
  if (traffic?.caveat === undefined) return undefined;
  return notMeasured({ code: 'traffic-unreliable', source: traffic.source, caveat: traffic.caveat });
}

function checkServiceDemand({ input: { demand } }: TypeFigures): Check | undefined {
  return 'code' in demand ? notMeasured(demand) : undefined;
}

function checkRest({ others: { unknownVcpus } }: TypeFigures): Check | undefined {
  return unknownVcpus > 0 ? notMeasured({ code: 'rest-not-known', vcpus: unknownVcpus }) : undefined;
}

function checkLightLoad({ isTooLight, demand }: TypeFigures): Check | undefined {
  return isTooLight ? notMeasured({ code: 'load-too-light', usePercent: 100 * (demand?.lightUse ?? 0) }) : undefined;
}

/** The peak hour must fit with a fifth to spare; inconclusive where the interval of the burst rate (of that at the SLO, where it was searched) contains that. */
function checkBurst({ onVcpus, withinSlo, isTooLight, isFullUseKnown, type, input }: TypeFigures): Check | undefined {
  const { traffic } = input;
  if (!onVcpus || isTooLight || !traffic) return undefined;
  const {
    perS: burstPerS,
    slo,
    atLeast,
    atMost,
  }: Partial<WithinSlo> & Pick<WithinSlo, 'perS'> = withinSlo ?? { perS: onVcpus.prediction.burstPerS };
  const { peakPerS } = traffic;
  const neededPerS = peakPerS * cpuHeadroom;
  const isAbove = atMost ? peakPerS >= burstPerS.high : peakPerS > burstPerS.high;
  const isTooMuch = isAbove && type.promisedVcpus === undefined;
  return {
    limit: 'burst-cpu',
    // What is not promised may still be there.
    verdict: neededPerS <= burstPerS.low ? 'fits' : isTooMuch ? 'does-not-fit' : 'inconclusive',
    because: {
      code: 'burst-cpu',
      instanceType: type.instanceType,
      peakPerS,
      burstPerS,
      hasCredits: type.credits !== undefined,
      ...present({ slo, atLeast, atMost }),
      ...(onVcpus.vcpuOfACore && { onEc2: true }),
      ...(!isFullUseKnown && { usePercent: (100 * peakPerS) / burstPerS.value }),
    },
    used: neededPerS / burstPerS.value,
  };
}

function checkNetwork({ network, input: { traffic }, cpuSustainedPerS }: TypeFigures): Check | undefined {
  return checkNetworkFit(network, traffic, cpuSustainedPerS);
}

/** The run's latency thresholds while there are credits, in a closed stage or one predicted from it. */
function checkLatency({ latency }: TypeFigures): Check | undefined {
  if (!latency) return undefined;
  const { broken, stage, p99Us, utilization, measuredOn, times } = latency;
  return {
    limit: 'latency',
    verdict: broken.length > 0 ? 'does-not-fit' : 'fits',
    because: {
      code: 'burst-latency',
      broken,
      stage,
      p99Us,
      ...(utilization !== undefined && { usePercent: 100 * utilization }),
      ...present({ measuredOn, times }),
    },
    ...(broken.length === 0 && { used: 0 }),
  };
}

/**
 * At full use of the baseline performance: what holds there holds below it. What fails there is inconclusive, because a queue is longest at
 * full use. Does not apply to a workload that never throttles.
 */
function checkSustainedLatency({
  sustainedLatency,
  sustainableLoad,
  credits,
  measured,
}: TypeFigures): Check | undefined {
  const isReached = sustainableLoad !== undefined || (credits?.high.throttledHours ?? 0) > 0;
  if (!sustainedLatency || !isReached) return undefined;
  const { broken, stage, p99Us } = sustainedLatency;
  const sustained = measured?.sustained;
  return {
    limit: 'latency',
    verdict: broken.length > 0 ? 'inconclusive' : 'fits',
    because: { code: 'sustained-latency', broken, stage, p99Us, ...(sustained && { sustainedPerS: sustained.perS }) },
    ...(broken.length === 0 && { used: 0 }),
  };
}
