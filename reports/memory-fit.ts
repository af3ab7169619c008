// Peak memory of a run against what the guest of a type sees.
import type { InstanceType } from '../model/instance-catalogue.ts';
import type { Observed } from '../model/observed.ts';
import type { RunRecord } from '../model/run-record.ts';
import { formatBytes, formatPercent } from './format.ts';

export type MemoryFit = {
  readonly verdict: 'fits' | 'does-not-fit' | 'inconclusive';
  readonly neededBytes: number;
  readonly guestBytes: number;
  /** What `neededBytes` is made of. */
  readonly because: string;
};

/** A Linux server without services; no source gives a figure for EC2, and 150 to 200 MiB is what operators report. */
const systemBytes = 180 * 1024 ** 2;
/** AWS Compute Optimizer keeps a fifth of the memory free by default. */
const headroom = 0.2;

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
): MemoryFit | undefined {
  const needed = count === 'host' ? hostMemory(run, observed) : appMemory(run, observed, workers);
  if (!needed) return undefined;
  const guestBytes = type.guestMemoryMiB * 1024 ** 2;
  const verdict =
    needed.bytes > guestBytes ? 'does-not-fit' : needed.bytes > guestBytes * (1 - headroom) ? 'inconclusive' : 'fits';
  const share = `${formatBytes(needed.bytes)} of the ${formatBytes(guestBytes)} that a ${type.instanceType} has (${formatPercent((100 * needed.bytes) / guestBytes)})`;
  const small = verdict === 'inconclusive' ? `; less than a fifth is left` : '';
  return { verdict, neededBytes: needed.bytes, guestBytes, because: `${share}${small}: ${needed.parts}` };
}

type Needed = { readonly bytes: number; readonly parts: string };

function appMemory(run: RunRecord, observed: Observed | undefined, workers: number): Needed | undefined {
  const peak = highest(observed, (stage) => stage.metrics['app.mem.rss']?.max);
  if (peak === undefined) return undefined;
  const app = (peak * workers) / Math.max(1, run.target.workers ?? workers);
  return {
    bytes: app + systemBytes,
    parts: `the app's peak ${formatBytes(app)} and ${formatBytes(systemBytes)} for the system`,
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
