// How long an open block is, and with how many connections, so that it shows whether its rate meets the SLO.
import type { Finding } from '../../model/finding.ts';
import type { Threshold } from '../../model/threshold.ts';
import { loadFinding } from '../messages.ts';

/** What the target was filled with in the ladder, so many times: what needs more is a queue. */
const ofFilled = { asked: 4, least: 2 };
/** Opening more of them would take longer than the block. */
const connections = { least: 256, most: 1000 };
/** Of a block that has to be longer than the profile asks for. */
const longestS = 10;
/** Of the latency that the SLO allows: a queue shows between the halves of a block, after the first responses. */
const ofLatency = 4;
/** So that a percentile is not the largest of a few. */
const fewest = { usual: 100, p999: 1000 };

export type BlockSize = {
  readonly durationS: number;
  readonly maxConnections: number;
  /** Requests that are dropped say that the target has a queue; without it they may say that it needs more connections. */
  readonly isRoomy: boolean;
};

/** `filled`: connections that filled the target in the ladder. */
export function sizeOpenBlock(
  arrivalRatePerS: number,
  askedS: number,
  slo: readonly Threshold[],
  filled: number,
): BlockSize {
  const neededS = Math.max(fewestRequests(slo) / arrivalRatePerS, ofLatency * allowedS(slo));
  const maxConnections = Math.min(connections.most, Math.max(connections.least, ofFilled.asked * filled));
  return {
    durationS: Math.max(askedS, Math.min(longestS, neededS)),
    maxConnections,
    isRoomy: maxConnections >= ofFilled.least * filled,
  };
}

/** Why a block at this rate is too short for the SLO, however long it may be; undefined when it is not. */
export function tooFewRequests(
  arrivalRatePerS: number,
  askedS: number,
  slo: readonly Threshold[],
): Finding | undefined {
  const durationS = Math.max(askedS, longestS);
  const needed = fewestRequests(slo);
  if (arrivalRatePerS * durationS >= needed) return undefined;
  return loadFinding('block-too-short', { perS: arrivalRatePerS, durationS, needed });
}

function fewestRequests(slo: readonly Threshold[]): number {
  return slo.some(({ metric }) => metric === 'latency.p999') ? fewest.p999 : fewest.usual;
}

/** The least that a latency figure of the SLO allows, in seconds; 0 without one. */
function allowedS(slo: readonly Threshold[]): number {
  const limits = slo.filter(({ metric, operator }) => metric.startsWith('latency.') && operator.startsWith('<'));
  return limits.length > 0 ? Math.min(...limits.map(({ limit }) => limit)) / 1e6 : 0;
}
