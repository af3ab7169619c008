// Peak memory of a run, and its growth, against what the guest of a type sees.
import type { InstanceType } from '../../model/instance-catalogue.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { formatBytes, formatDuration, formatNumberOf, formatPercent } from '../format/format.ts';
import type { Trend } from '../schema/judged.ts';

export type MemoryFit = {
  readonly verdict: 'fits' | 'does-not-fit' | 'inconclusive';
  readonly neededBytes: number;
  readonly guestBytes: number;
  /** When the growth seen goes on, with its 95 % interval; absent when nothing grows. */
  readonly goneInHours?: { readonly low: number; readonly high: number };
  /** What `neededBytes` is made of. */
  readonly because: string;
};

/** A Linux server without services; no source gives a figure for EC2, and 150 to 200 MiB is what operators report. */
const systemBytes = 180 * 1024 ** 2;
/** AWS Compute Optimizer keeps a fifth of the memory free by default. */
const headroom = 0.2;
/** A heap grows while an app warms up: only a stage this long shows that it goes on. */
const surelyS = 1800;
/** Whoever deploys once a month starts anew before that. */
const soonHours = 30 * 24;

/**
 * `app`: the app's peak, scaled to the candidate's workers, and a system around it. `host`: everything that ran on the observed host.
 * Undefined when the run has no such samples.
 */
export function fitMemory(
  run: RunRecord,
  observed: Observed | undefined,
  type: InstanceType,
  count: 'app' | 'host',
  workers: number,
  trends: readonly Trend[] = [],
): MemoryFit | undefined {
  const needed = count === 'host' ? hostMemory(run, observed) : appMemory(run, observed, workers);
  if (!needed) return undefined;
  const guestBytes = type.guestMemoryMiB * 1024 ** 2;
  const size =
    needed.bytes > guestBytes ? 'does-not-fit' : needed.bytes > guestBytes * (1 - headroom) ? 'inconclusive' : 'fits';
  const share = `${formatBytes(needed.bytes)} of the ${formatBytes(guestBytes)} that a ${type.instanceType} has (${formatPercent((100 * needed.bytes) / guestBytes)})`;
  const small = size === 'inconclusive' ? `; less than a fifth is left` : '';
  const because = `${share}${small}: ${needed.parts}`;
  const growth = size === 'does-not-fit' ? undefined : findGrowth(run, trends, guestBytes - needed.bytes);
  if (!growth) return { verdict: size, neededBytes: needed.bytes, guestBytes, because };
  const { goneInHours, surely } = growth;
  const gone = `memory grows: the rest is gone in ${formatDuration(goneInHours.low * 3600)} to ${formatDuration(goneInHours.high * 3600)} at this load`;
  const soon = goneInHours.high < soonHours;
  return {
    verdict: !soon ? size : surely ? 'does-not-fit' : 'inconclusive',
    neededBytes: needed.bytes,
    guestBytes,
    goneInHours,
    because: `${gone}${soon && !surely ? ', if it goes on as in these minutes' : ''}; ${because}`,
  };
}

/** The fastest growth of the app's memory, and how long so many bytes last. */
function findGrowth(run: RunRecord, trends: readonly Trend[], leftBytes: number) {
  const [fastest] = trends
    .filter(({ metric, changes }) => metric === 'app.mem.rss' && changes === 'grows')
    .sort((a, b) => b.perHour.value - a.perHour.value);
  if (!fastest) return undefined;
  const stage = run.stages.find(({ name }) => name === fastest.stage);
  return {
    goneInHours: { low: leftBytes / fastest.perHour.high, high: leftBytes / fastest.perHour.low },
    surely: (stage?.durationS ?? 0) >= surelyS,
  };
}

type Needed = { readonly bytes: number; readonly parts: string };

function appMemory(run: RunRecord, observed: Observed | undefined, workers: number): Needed | undefined {
  const peak = highest(observed, (stage) => stage.metrics['app.mem.rss']?.max);
  if (peak === undefined) return undefined;
  const ran = Math.max(1, run.target.workers ?? workers);
  const app = (peak * workers) / ran;
  const scaled =
    workers === ran ? '' : ` with ${formatNumberOf(workers, 'worker')}, scaled from ${formatBytes(peak)} with ${ran},`;
  return {
    bytes: app + systemBytes,
    parts: `the app's peak ${formatBytes(app)}${scaled} and ${formatBytes(systemBytes)} assumed for the system`,
  };
}

function hostMemory(run: RunRecord, observed: Observed | undefined): Needed | undefined {
  const used = highest(observed, (stage) => {
    const total = stage.metrics['system.mem.total']?.max;
    const usable = stage.metrics['system.mem.usable']?.min;
    return total === undefined || usable === undefined ? undefined : total - usable;
  });
  if (used === undefined) return undefined;
  const own = run.target.startedByHarness
    ? (highest(observed, (stage) => stage.services.headroom?.rssBytes.avg) ?? 0)
    : 0;
  return {
    bytes: Math.max(0, used - own),
    parts: `the most that was in use on the observed host${own > 0 ? `, less ${formatBytes(own)} of headroom itself` : ''}`,
  };
}

function highest(observed: Observed | undefined, of: (stage: Observed['stages'][number]) => number | undefined) {
  const values = (observed?.stages ?? []).map(of).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : Math.max(...values);
}
