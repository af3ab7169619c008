// Run folders of open stages, made up second by second and the same every time: a search for the capacity, a build in mid-run, a soak.
import { createHistogram, encodeHistogram } from '../../model/latency/histogram.ts';
import type { Observed, SeriesSummary } from '../../model/observed.ts';
import type { ProfileStage } from '../../model/profile.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { HostLine, Line, LoadLine, StageEndLine, StageLine } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { stageFromLines } from '../../model/stage/stage-result.ts';
import { recordUs } from '../../model/test/latency/record-us.ts';
import { makeRun } from '../../model/test/make-run.ts';

/** One slice of load. Latency has this median and this 99th percentile; `cpuPercent` is of all cores. */
export type Slice = {
  readonly name: string;
  readonly role?: StageLine['role'];
  readonly seconds: number;
  readonly ratePerS: number;
  /** What is answered of it, by second from 0. */
  readonly latencyUs: (second: number) => { readonly p50: number; readonly p99: number };
  readonly droppedPerS?: number;
  readonly cpuPercent: number;
  readonly eventLoopPercent?: number;
  readonly rssBytes?: (second: number) => number;
  readonly command?: StageRecord['command'];
};

export type MadeRun = { readonly run: RunRecord; readonly lines: readonly Line[]; readonly observed: Observed };

const beganAt = Date.UTC(2026, 10, 22, 10);
/** What the generator needs to send: the difference between the two latencies of a calm target. */
const lagUs = 40;

const iso = (second: number) => new Date(beganAt + second * 1000).toISOString();

/** Samples of a distribution with a long right tail through both percentiles, the same every time. */
function samples(count: number, { p50, p99 }: { readonly p50: number; readonly p99: number }): number[] {
  const tail = Math.log(p99 / p50) / 2.326;
  return Array.from({ length: count }, (_, index) => {
    const rank = (index + 0.5) / count;
    // A logistic stands in for the normal distribution; 1.7 makes their spreads alike.
    return p50 * Math.exp(tail * (Math.log(rank / (1 - rank)) / 1.976));
  });
}

function encode(values: readonly number[]): string {
  const histogram = createHistogram();
  for (const value of values) recordUs(histogram, value);
  return encodeHistogram(histogram);
}

function hostLine(atS: number, slice: Slice, second: number): HostLine {
  const cpu = Math.min(100, slice.cpuPercent * (1 + 0.03 * Math.sin(atS)));
  const user = cpu * 0.78;
  const system = cpu * 0.22;
  return {
    kind: 'host',
    at: iso(atS + 1),
    source: 'local',
    host: 'box',
    intervalS: 1,
    metrics: {
      'system.cpu.user': user,
      'system.cpu.system': system,
      'system.cpu.iowait': 0,
      'system.cpu.stolen': 0,
      'system.cpu.idle': 100 - cpu,
      'system.load.1': cpu / 50,
      'system.mem.total': 4 * 2 ** 30,
      'system.mem.used': 1.5 * 2 ** 30,
      'app.cpu': Math.min(100, slice.ratePerS / 11),
      'app.mem.rss': slice.rssBytes?.(second) ?? 90 * 2 ** 20,
      ...(slice.eventLoopPercent !== undefined && { 'app.event_loop.utilization': slice.eventLoopPercent }),
    },
  };
}

function sliceLines(slice: Slice, stage: number, fromS: number): { stage: StageRecord; lines: Line[] } {
  const { ratePerS, seconds, droppedPerS = 0 } = slice;
  const begin: StageLine = {
    kind: 'stage',
    stage,
    name: slice.name,
    stageKind: ratePerS === 0 ? 'idle' : 'open',
    role: slice.role ?? 'measured',
    ...(ratePerS > 0 && {
      arrivalRatePerS: { from: ratePerS, to: ratePerS },
      arrivals: 'constant' as const,
      maxConnections: 256,
    }),
    startedAt: iso(fromS),
  };
  const loads = Array.from({ length: ratePerS === 0 ? 0 : seconds }, (_, second): LoadLine => {
    const intended = Math.round(ratePerS);
    const sent = intended - droppedPerS;
    const latency = slice.latencyUs(second);
    return {
      kind: 'load',
      stage,
      generator: 0,
      at: iso(fromS + second),
      durationS: 1,
      intended,
      dropped: droppedPerS,
      lagUs: encode(samples(50, { p50: lagUs, p99: 10 * lagUs })),
      inFlightS: (sent * latency.p50 * 1.2) / 1e6,
      sent,
      outcomes: { ok: sent, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
      statusCounts: { 302: sent },
      routes: { redirect: { ok: sent, failed: 0 } },
      latencyUs: encode(samples(sent, latency)),
      open: 0,
      eventLoopUtilization: 0.12,
      cpuS: 0.1,
    };
  });
  const all = loads.flatMap((load, second) => samples(load.sent, slice.latencyUs(second)));
  const end: StageEndLine = {
    kind: 'stage-end',
    stage,
    generator: 0,
    finishedAt: iso(fromS + seconds),
    routeLatencyUs: all.length > 0 ? { redirect: encode(all) } : {},
    // From the actual send, the wait for a free connection is not seen.
    ...(all.length > 0 && { rawLatencyUs: encode(all.map((value) => Math.max(200, value * 0.55 - lagUs))) }),
    errors: {},
  };
  const host = Array.from({ length: seconds }, (_, second) => hostLine(fromS + second, slice, second));
  const record = stageFromLines(begin, loads, [end]);
  return {
    stage: { ...record, ...(slice.command && { command: slice.command }) },
    lines: [begin, ...loads, end, ...host],
  };
}

function summarize(lines: readonly Line[]): Record<string, SeriesSummary> {
  const host = lines.filter((line) => line.kind === 'host');
  const names = [...new Set(host.flatMap((line) => Object.keys(line.metrics)))];
  return Object.fromEntries(
    names.map((name) => {
      const values = host.flatMap((line) => line.metrics[name] ?? []);
      const avg = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [name, { min: Math.min(...values), max: Math.max(...values), avg, samples: values.length }];
    }),
  );
}

/** The slices one after the other, as a run folder holds them; `more` replaces fields of the record. */
export function makeRunFolder(
  slices: readonly Slice[],
  profile: readonly ProfileStage[],
  more: Partial<RunRecord>,
): MadeRun {
  let fromS = 0;
  const parts = slices.map((slice, stage) => {
    const made = sliceLines(slice, stage, fromS);
    fromS += slice.seconds;
    return made;
  });
  const stages = parts.map((part) => part.stage);
  const measured = parts.filter((part) => part.stage.role === 'measured').flatMap((part) => part.lines);
  const run = makeRun({
    id: '20261122-100000-made-0000',
    startedAt: iso(0),
    finishedAt: iso(fromS),
    target: { ...makeRun().target, instanceType: 't2.medium', vcpus: 2, memoryGiB: 4, workers: 2 },
    generator: {
      hostname: 'box',
      platform: 'linux',
      cpuModel: 'made up',
      cores: 2,
      memoryGiB: 4,
      versions: { headroom: '1.0.0' },
      processes: 1,
      eventLoopUtilization: { mean: 0.12, max: 0.3 },
      cpuPercent: { mean: 11, max: 30 },
    },
    profile: { ...makeRun().profile, description: 'made up', stages: [...profile] },
    routes: [{ name: 'redirect', method: 'GET', path: '/abc', weight: 1, headers: {}, expect: [302] }],
    stages,
    seed: 7,
    ...more,
  });
  const observed: Observed = {
    schemaVersion: 1,
    run: run.id,
    sources: [{ source: 'local', host: 'box', intervalS: 1, samples: fromS, missing: [] }],
    stages: parts.map((part, index) => ({
      name: stages[index]?.name ?? '',
      metrics: summarize(part.lines),
      services: {},
    })),
    measured: summarize(measured),
  };
  return { run, lines: parts.flatMap((part) => part.lines), observed };
}
