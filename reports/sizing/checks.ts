// The questions of a verdict, each answered by itself, in the order in which they are asked: memory, burst CPU, credits, latency.

import { formatCount, formatDay, formatDuration, formatLatency, formatPercent, formatRate } from '../format/format.ts';
import type { Estimate } from '../series/regression.ts';
import type { Traffic } from '../traffic/traffic.ts';
import type { CreditDay } from './credit-day.ts';
import type { LatencyFit } from './latency-fit.ts';
import type { MeasuredType } from './measured-type.ts';
import type { MemoryFit } from './memory-fit.ts';
import { cpuHeadroom, daysSimulated, type SustainableLoad } from './sustainable-load.ts';

export type SizeVerdict = 'fits' | 'does-not-fit' | 'inconclusive';
export type SizeLimit = 'memory' | 'burst-cpu' | 'credits' | 'latency' | 'measurement';

/** One question of the verdict, answered. */
export type Check = {
  readonly limit: SizeLimit;
  readonly verdict: SizeVerdict;
  readonly because: string;
  /** How much of what there is is used, for a type that fits. */
  readonly used?: number;
};

/** A day as the demand's value and both ends of its interval say. */
export type Days = { readonly value: CreditDay; readonly low: CreditDay; readonly high: CreditDay };

/** What is not known. */
export function unknown(limit: SizeLimit, because: string): Check {
  return { limit, verdict: 'inconclusive', because };
}

/** Of a run whose memory was not observed, open. */
export function checkMemory(memory: MemoryFit | undefined): Check {
  if (!memory) return unknown('memory', 'memory was not observed: run it again with --metrics local or datadog');
  return {
    limit: 'memory',
    verdict: memory.verdict,
    because: memory.because,
    used: memory.neededBytes / memory.guestBytes,
  };
}

/**
 * Against the busiest hour, with a fifth to spare; open where the interval of what the type does holds that. `fullUse`: whether that is
 * known, or only that the busiest hour is near to a load that was seen.
 */
export function checkBurst(burstPerS: Estimate, instanceType: string, { peakPerS }: Traffic, fullUse: boolean): Check {
  const need = peakPerS * cpuHeadroom;
  const verdict = need <= burstPerS.low ? 'fits' : peakPerS > burstPerS.high ? 'does-not-fit' : 'inconclusive';
  const [low, high] = [formatRate(burstPerS.low), formatRate(burstPerS.high)];
  const range = `does ${low === high ? low : `${low} to ${high}`} as long as it has credits`;
  const does = fullUse ? range : `uses ${formatPercent((100 * peakPerS) / burstPerS.value)} of its CPU for that`;
  return {
    limit: 'burst-cpu',
    verdict,
    because: `the busiest hour needs ${formatRate(peakPerS)}, and a fifth more as headroom; a ${instanceType} ${does}`,
    used: need / burstPerS.value,
  };
}

/** Whether a week of such days throttles. */
export function checkCredits({ value, low, high }: Days): Check {
  const verdict = high.throttledHours === 0 ? 'fits' : low.throttledHours > 0 ? 'does-not-fit' : 'inconclusive';
  const mean = `on average it wants ${formatPercent(100 * value.meanOverBaseline)} of the credit baseline`;
  const hour = `${String(Math.floor(value.lowestAtHour)).padStart(2, '0')}:00 UTC`;
  const open =
    verdict !== 'inconclusive'
      ? ''
      : value.throttledHours === 0
        ? '; if a request costs as much as its interval allows, the credits are gone all the same'
        : '; if a request costs as little as its interval allows, they last all the same';
  const said =
    value.mode === 'unlimited'
      ? `${mean}; unlimited mode never throttles`
      : value.throttledHours === 0
        ? `${mean}; the lowest balance in ${value.hours > 24 * daysSimulated ? `${formatCount(value.hours / 24)} days` : 'a week'} is ${formatCount(value.lowestBalance)} credits, at ${hour}`
        : `${mean}; the credits are gone after ${formatDuration(3600 * (value.hoursToThrottle ?? 0))}, then ${formatDuration((3600 * value.throttledHours * 24) / value.hours)} of a day are throttled and ${formatCount((value.requestsHarmed * 24) / value.hours)} requests a day find no CPU`;
  return {
    limit: 'credits',
    verdict,
    because: said + open,
    used: value.mode === 'unlimited' ? 0 : value.meanOverBaseline,
  };
}

/** Without traffic: up to which load it fits. Nothing binds before that, so this decides a type that passes the rest. */
export function checkSustainableLoad(sustainableLoad: SustainableLoad): Check {
  const { sustainedPerS, burstPerS, burstHours, requestsPerOfficeDay, buildVcpus } = sustainableLoad;
  if (sustainedPerS < 1 && buildVcpus !== undefined) {
    return {
      limit: burstHours ? 'credits' : 'burst-cpu',
      verdict: 'does-not-fit',
      because: `the builds alone keep ${Number(buildVcpus.toPrecision(3))} vCPUs busy on average, and leave nothing ${burstHours ? 'of the credit baseline ' : ''}for requests`,
    };
  }
  if (sustainedPerS < 1) {
    return unknown(
      'measurement',
      'as far as this run can tell, what is in use without a request is as much as the credit baseline: run it again with a stage of rest behind the load, and with loads that differ more',
    );
  }
  const forever = `${formatRate(sustainedPerS)} around the clock (${formatDay(sustainedPerS * 86_400)} a day${describeRange(sustainableLoad)})`;
  if (burstPerS === undefined || requestsPerOfficeDay === undefined) {
    const charge = burstHours ? '' : ', without a charge for surplus credits';
    return {
      limit: 'credits',
      verdict: 'fits',
      because: `up to ${forever}${charge}; the run does not tell what more it does with credits, as long as they last`,
      used: 1,
    };
  }
  const day = `${isSure(sustainableLoad) ? '' : 'at least '}a day of ${formatDay(requestsPerOfficeDay)} in office hours`;
  if (!burstHours) {
    return {
      limit: sustainedPerS < burstPerS ? 'credits' : 'burst-cpu',
      verdict: 'fits',
      because:
        sustainedPerS < burstPerS
          ? `up to ${forever}, or ${day}, without a charge for surplus credits; up to ${formatRate(burstPerS)} with it`
          : `up to ${formatRate(burstPerS)} at any time, or ${day}`,
      used: 1,
    };
  }
  const after = burstHours.launch > 0 ? `${formatDuration(burstHours.launch * 3600)} after a launch and ` : '';
  return {
    limit: 'credits',
    verdict: 'fits',
    because: `up to ${forever}, or ${day}; more only for a while: ${formatRate(burstPerS)} for ${after}${formatDuration(burstHours.full * 3600)} from a full balance`,
    used: 1,
  };
}

/** An interval this narrow needs no words. */
const narrow = 0.15;

function isSure({ sustainedPerS, foreverRange }: SustainableLoad): boolean {
  return foreverRange.high - foreverRange.low <= 2 * narrow * sustainedPerS;
}

function describeRange(sustainableLoad: SustainableLoad): string {
  const { low, high } = sustainableLoad.foreverRange;
  return isSure(sustainableLoad) ? '' : `; predicted, 95 %: ${formatRate(low)} to ${formatRate(high)}`;
}

/** Of a run whose heaviest load was light, about a heavier one. */
export function checkLightLoad(lightUse: number): Check {
  return unknown(
    'measurement',
    `the heaviest load of the run used ${formatPercent(100 * lightUse)} of the CPU that there is for the app, and what a request costs at full use cannot be told from that`,
  );
}

/** With credits. Of a closed stage or one that was predicted alike. */
export function checkLatency({ broken, stage, p99Us, utilization, measuredOn, times }: LatencyFit): Check {
  const at = utilization === undefined ? '' : `, at ${formatPercent(100 * utilization)} of the CPU`;
  const on = measuredOn === undefined ? '' : ` of the ${measuredOn}`;
  const slower = times === undefined ? '' : `, times ${times.toFixed(2)} for the speed of its CPU`;
  const seen = `with credits, in stage "${stage}"${on}${at}${slower}, 99 % took ${formatLatency(p99Us)} or less`;
  return broken.length > 0
    ? { limit: 'latency', verdict: 'does-not-fit', because: `${broken.join(', ')} would not hold: ${seen}` }
    : { limit: 'latency', verdict: 'fits', because: seen, used: 0 };
}

/**
 * At the credit baseline, all of it in use: what holds there holds below it. What does not is open, since a queue is longest at full use.
 */
export function checkSustainedLatency({ broken, p99Us }: LatencyFit, measured: MeasuredType): Check {
  const rate = measured.sustained ? ` (${formatRate(measured.sustained.perS)})` : '';
  const seen = `without credits, at full use of the credit baseline${rate}, 99 % took ${formatLatency(p99Us)} or less`;
  return broken.length > 0
    ? { limit: 'latency', verdict: 'inconclusive', because: `${broken.join(', ')} does not hold there: ${seen}` }
    : { limit: 'latency', verdict: 'fits', because: seen, used: 0 };
}
