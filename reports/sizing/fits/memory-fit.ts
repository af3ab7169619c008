// Peak memory of a run, and its growth, against what the guest of a type sees.
import { type InstanceType, systemBytes } from '../../../model/catalogue/instance-catalogue.ts';
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { CountedProgram } from '../../schema/check-findings.ts';
import type { Trend } from '../../schema/judged.ts';
import type { SizingFinding } from '../../schema/sizing-findings.ts';
import { bytesOf, type Others } from '../demand/others.ts';

export type MemoryFit = {
  readonly verdict: 'fits' | 'does-not-fit' | 'inconclusive';
  readonly neededBytes: number;
  readonly guestBytes: number;
  /** Until the observed growth has used up the rest, with its 95 % interval; absent when nothing grows. */
  readonly goneInHours?: { readonly low: number; readonly high: number };
  readonly because: SizingFinding<'memory-of-app' | 'memory-of-host'>;
};

/** AWS Compute Optimizer keeps a fifth of the memory free by default. */
const freeShare = 0.2;
/** Seconds; a heap grows while an app warms up: only a stage this long shows that the growth continues. */
const certainAfterS = 1800;
/** An app that is deployed once a month restarts before that. */
const soonHours = 30 * 24;

type MemoryInput = {
  readonly run: RunRecord;
  readonly observed: Observed | undefined;
  /** `app`: the app's peak, scaled to the type's workers, and a system around it. `host`: everything on the observed host. */
  readonly count: 'app' | 'host';
  /** On the type. */
  readonly workers: number;
  readonly trends: readonly Trend[];
  /** What else the machine has. */
  readonly others: Others;
};

type Needed = { readonly neededBytes: number; readonly programs?: readonly CountedProgram[] };

/** Returns undefined for a run without memory samples. */
export function fitMemory(input: MemoryInput, type: InstanceType): MemoryFit | undefined {
  const needed = input.count === 'host' ? hostMemory(input) : appMemory(input);
  if (!needed) return undefined;
  const { neededBytes } = needed;
  const guestBytes = type.guestMemoryMiB * 1024 ** 2;
  const size = verdictOf(needed, guestBytes);
  const growth = size === 'does-not-fit' ? undefined : findGrowth(input, guestBytes - neededBytes);
  const isSoon = growth !== undefined && growth.highHours < soonHours;
  return {
    verdict: !isSoon ? size : growth.certain ? 'does-not-fit' : 'inconclusive',
    neededBytes,
    guestBytes,
    ...(growth && { goneInHours: { low: growth.lowHours, high: growth.highHours } }),
    because: { ...needed, guestBytes, ...(growth && { growth }) },
  };
}

/** Inconclusive where the interval of footprints contains the limit. */
function verdictOf({ neededBytes, programs = [] }: Needed, guestBytes: number): MemoryFit['verdict'] {
  const { value, low, high } = bytesOf(programs);
  if (neededBytes - value + low > guestBytes) return 'does-not-fit';
  return neededBytes - value + high > guestBytes * (1 - freeShare) ? 'inconclusive' : 'fits';
}

/** The fastest growth of the app's memory, and how long so many bytes last. */
function findGrowth({ run, trends }: MemoryInput, leftBytes: number) {
  const [fastest] = trends
    .filter(({ metric, changes }) => metric === 'app.mem.rss' && changes === 'grows')
    .sort((a, b) => b.perHour.value - a.perHour.value);
  if (!fastest) return undefined;
  const stage = run.stages.find(({ name }) => name === fastest.stage);
  return {
    lowHours: leftBytes / fastest.perHour.high,
    highHours: leftBytes / fastest.perHour.low,
    certain: (stage?.durationS ?? 0) >= certainAfterS,
  };
}

function appMemory({ run, observed, workers, others }: MemoryInput) {
  const peakBytes = highest(observed, (stage) => stage.metrics['app.mem.rss']?.max);
  if (peakBytes === undefined) return undefined;
  const fromWorkers = Math.max(1, run.target.workers ?? workers);
  const appBytes = (peakBytes * workers) / fromWorkers;
  const programs = [...(others.proxy ? [others.proxy] : []), ...others.assumed];
  return {
    code: 'memory-of-app' as const,
    neededBytes: appBytes + systemBytes + bytesOf(programs).value,
    appBytes,
    systemBytes,
    ...(programs.length > 0 && { programs }),
    ...(workers !== fromWorkers && { scaled: { workers, fromWorkers, fromBytes: peakBytes } }),
  };
}

function hostMemory({ run, observed, others }: MemoryInput) {
  const usedBytes = highest(observed, (stage) => {
    const total = stage.metrics['system.mem.total']?.max;
    const usable = stage.metrics['system.mem.usable']?.min;
    return total === undefined || usable === undefined ? undefined : total - usable;
  });
  if (usedBytes === undefined) return undefined;
  const own = run.target.startedByHarness ? highest(observed, (stage) => stage.services.headroom?.rssBytes.avg) : 0;
  const ownBytes = own ?? 0;
  const programs = others.assumed;
  return {
    code: 'memory-of-host' as const,
    neededBytes: Math.max(0, usedBytes - ownBytes) + bytesOf(programs).value,
    ownBytes,
    ...(programs.length > 0 && { programs }),
  };
}

function highest(observed: Observed | undefined, of: (stage: Observed['stages'][number]) => number | undefined) {
  const values = (observed?.stages ?? []).map(of).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : Math.max(...values);
}
