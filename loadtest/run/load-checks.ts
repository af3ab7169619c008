// What can be wrong with the load of one stage: each check gives the reasons against it.
import { countedBlocks, fewestBlocks } from '../../model/block.ts';
import type { Finding } from '../../model/finding.ts';
import { mergeHistograms } from '../../model/latency/histogram.ts';
import type { LoadLine } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { errorShare, mostErrors } from '../../model/stage/sums.ts';
import { loadFinding } from '../messages.ts';

/**
 * An open stage whose requests leave later than this (p99), and so late that it is a large share of the latency, measured its own
 * generator.
 */
const lagLimitUs = 10_000;
const lagShare = 0.2;
/** Of the arrivals: as much as thresholds on dropped requests usually allow. */
export const lateShare = 0.001;
/** Share of the time, from which on a late generator was busy with requests, however often the machine stalled it. */
export const busyGenerator = 0.9;
/** Little's law, N = X R, holds for any steady system; a stage that breaks it by more has lost or invented time somewhere. */
const littleTolerance = 0.1;
/** Seconds that may be missing from a stage, as a share of it: the harness was stopped, or the machine slept. */
const lostShare = 0.05;
/** A target that leaves requests open and has said nothing for this long has stopped answering, unless it had been as slow before. */
const silenceMs = 900;
/** So much of the arrivals that fell due may be missing; of random ones, five standard deviations as well. */
const missingShare = 0.01;
/** The wall clock may run away from the monotonic one by this much in a stage: more is a step of NTP, or a suspend. */
const clockJumpMs = 500;

/** intended = sent + dropped + late; sent = completed + timeouts + errors + open. */
export function conservation({ name, requests, outcomes }: StageRecord): Finding[] {
  const { intended, sent, dropped, late = 0, completed, open } = requests;
  const ended = completed + outcomes.timeout + outcomes.connectionError + open;
  const reasons: Finding[] = [];
  if (intended !== sent + dropped + late) {
    reasons.push(
      loadFinding('requests-unaccounted', { stage: name, intended, sent, dropped, ...(late > 0 && { late }) }),
    );
  }
  if (sent !== ended) reasons.push(loadFinding('outcomes-unaccounted', { stage: name, sent, ended }));
  return reasons;
}

/** Requests that this machine could not send say nothing of the target. */
export function neverSent({ name: stage, errors }: StageRecord): Finding[] {
  const { EADDRNOTAVAIL: ports = 0, EMFILE: files = 0, ENFILE: filesOfMachine = 0, ENOBUFS: memory = 0 } = errors;
  const failed = files + filesOfMachine + memory;
  return [
    ...(ports > 0 ? [loadFinding('ports-used-up', { stage, failed: ports })] : []),
    ...(failed > 0 ? [loadFinding('files-used-up', { stage, failed })] : []),
  ];
}

/** The schedule gives how many requests fell due, independent of the engine's counts. A ramp is held to its lower end only. */
export function offered(
  { name, aborted, arrivalRatePerS, arrivals, requests, walks }: StageRecord,
  seconds: readonly LoadLine[],
  shards: number,
): Finding[] {
  if (!arrivalRatePerS || aborted !== undefined) return [];
  const byGenerator = new Map<number, number>();
  // What a second was longer may lie behind the last arrival.
  for (const { generator, durationS } of seconds)
    byGenerator.set(generator, (byGenerator.get(generator) ?? 0) + Math.min(1, durationS));
  const rate = Math.min(arrivalRatePerS.from, arrivalRatePerS.to) / shards;
  const due = byGenerator.size > 0 ? rate * Math.min(...byGenerator.values()) : 0;
  // Dealt round, a generator or a shard may have one less than its share.
  const slack = due * missingShare + byGenerator.size + 1 + (arrivals === 'poisson' ? 5 * Math.sqrt(due) : 0);
  // A walk has a request for each step.
  const intended = walks?.begun ?? requests.intended;
  if (intended >= due - slack) return [];
  return [loadFinding('load-not-offered', { stage: name, due, intended, ...(walks && { ofWalks: true }) })];
}

/** Whether a percentile of the lag is so high that the same one of the latency may be the generator's. */
export function isLate(lagUs: number, latencyUs = 0): boolean {
  return lagUs > Math.max(lagLimitUs, lagShare * latencyUs);
}

/** Behind a stall of the machine a generator works off what came due meanwhile, which counts as a pause of its own. */
const stallsBeforePauses = 2;

/**
 * Names who made the requests late, or too late to be sent: the generator, or the machine that did not let it run. `mostLate`: the share
 * that may have been too late.
 */
export function lag(
  { name, scheduleLagUs, latencyUs, pauses, requests }: StageRecord,
  seconds: readonly LoadLine[],
): Finding[] {
  const { late = 0, intended } = requests;
  const p99Us = scheduleLagUs?.p99 ?? 0;
  if (late <= lateShare * intended && !isLate(p99Us, latencyUs?.p99)) return [];
  const figures = { stage: name, lagMs: p99Us / 1000, ...(late > 0 && { late }) };
  const { stalledS = 0, pausedS = 0 } = pauses ?? {};
  return [
    stallsBeforePauses * stalledS <= pausedS || generatorUse(seconds) > busyGenerator
      ? loadFinding('generator-late', figures)
      : loadFinding('generator-delayed', { ...figures, stalledMs: stalledS * 1000 }),
  ];
}

/** All three figures over the whole stage: its throughput in the record leaves the warm-up out. */
export function little(
  { name, durationS, inFlightMean, rawLatencyUs, outcomes, requests }: StageRecord,
  seconds: readonly LoadLine[],
): Finding[] {
  // Failures have no part in the latency that the law is checked with.
  if (inFlightMean === undefined || !rawLatencyUs || outcomes.ok < requests.sent * 0.99) return [];
  const answered = seconds.filter((line) => line.durationS > 0).map((line) => line.outcomes);
  const throughputPerS = answered.reduce((sum, { ok, unexpectedStatus }) => sum + ok + unexpectedStatus, 0) / durationS;
  const expected = (throughputPerS * rawLatencyUs.mean) / 1e6;
  const off = Math.abs(inFlightMean - expected);
  if (off <= Math.max(1, expected * littleTolerance)) return [];
  return [loadFinding('littles-law-broken', { stage: name, inFlight: inFlightMean, expected })];
}

/** A figure of disturbed blocks would be the neighbours', not the target's. */
export function tooFewClean({ name, aborted, blocks }: StageRecord): Finding[] {
  if (aborted !== undefined || !blocks) return [];
  const counted = countedBlocks(blocks);
  if (counted.length >= fewestBlocks) return [];
  const clean = counted.length;
  const causes = blocks.filter((block) => !counted.includes(block)).flatMap(({ disturbance }) => disturbance ?? []);
  const times = (code: string) => causes.filter((each) => each.code === code).length;
  const [cause = loadFinding('nothing-ok')] = [...causes].sort((a, b) => times(b.code) - times(a.code));
  return [loadFinding('too-few-clean-blocks', { stage: name, clean, of: blocks.length, needed: fewestBlocks, cause })];
}

/** No threshold is about the credit baseline, so errors there would pass for capacity. */
export function failing({ name, role, outcomes }: StageRecord): Finding[] {
  const share = errorShare(outcomes);
  if (role !== 'sustained' || share <= mostErrors) return [];
  return [loadFinding('errors-without-credits', { stage: name, percent: 100 * share })];
}

export function lost({ name, aborted, blocks, durationS }: StageRecord, seconds: readonly LoadLine[]): Finding[] {
  // A block with a lost second is not clean.
  if (aborted !== undefined || blocks || seconds.length === 0) return [];
  const longest = seconds.filter((line) => line.durationS > 1 + Math.max(0.5, durationS * lostShare));
  if (longest.length === 0) return [];
  const most = longest.reduce((longestS, line) => Math.max(longestS, line.durationS), 0);
  return [loadFinding('second-lost', { stage: name, lastedS: most })];
}

/**
 * Requests without a response at the end of a stage count as open, not as errors: a frozen target would pass. Whether they time out in time to
 * be errors is chance, so what was sent after the last response counts as well.
 */
export function silent({ name, aborted, finishedAt, requests }: StageRecord, seconds: readonly LoadLine[]): Finding[] {
  const spoke = seconds.filter(({ outcomes }) => outcomes.ok + outcomes.unexpectedStatus > 0);
  if (aborted !== undefined || finishedAt === undefined || spoke.length === 0) return [];
  const last = latestEnd(spoke);
  const after = seconds.filter((line) => line.durationS > 0 && endOf(line) > last);
  const waiting = after.reduce((sum, { sent, outcomes }) => sum + sent - outcomes.connectionError, 0);
  const quietMs = Math.max(
    requests.open > 0 ? Date.parse(finishedAt) - last : 0,
    waiting > 0 ? latestEnd(after) - last : 0,
  );
  if (quietMs < silenceMs) return [];
  const slowestMs = mergeHistograms(spoke.flatMap(({ latencyUs }) => latencyUs ?? [])).maxValue / 1000;
  if (quietMs < slowestMs) return [];
  return [loadFinding('target-stalled', { stage: name, silentMs: quietMs, open: requests.open || waiting })];
}

const endOf = ({ at, durationS }: LoadLine): number => Date.parse(at) + durationS * 1000;

function latestEnd(lines: readonly LoadLine[]): number {
  return lines.reduce((latest, line) => Math.max(latest, endOf(line)), 0);
}

/** Compares what the two clocks say passed between the first and the last second of each generator. */
export function clock({ name, blocks }: StageRecord, seconds: readonly LoadLine[]): Finding[] {
  // Other instances are visited between two blocks.
  if (blocks) return [];
  for (const generator of new Set(seconds.map((line) => line.generator))) {
    const own = seconds.filter((line) => line.generator === generator && line.durationS > 0);
    const wallMs = Date.parse(own.at(-1)?.at ?? '') - Date.parse(own[0]?.at ?? '');
    const monotonicMs = own.slice(0, -1).reduce((sum, line) => sum + line.durationS * 1000, 0);
    const offMs = wallMs - monotonicMs;
    if (Math.abs(offMs) > clockJumpMs) {
      return [loadFinding('clock-jumped', { stage: name, byMs: offMs })];
    }
  }
  return [];
}

/** Mean event-loop use, 0 to 1, of the busiest generator. */
export function generatorUse(seconds: readonly LoadLine[]): number {
  return Math.max(0, ...meansByGenerator(seconds, (line) => line.eventLoopUtilization));
}

function meansByGenerator(seconds: readonly LoadLine[], of: (line: LoadLine) => number): number[] {
  const byGenerator = new Map<number, number[]>();
  for (const line of seconds) {
    if (line.durationS > 0) byGenerator.set(line.generator, [...(byGenerator.get(line.generator) ?? []), of(line)]);
  }
  return [...byGenerator.values()].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
}
