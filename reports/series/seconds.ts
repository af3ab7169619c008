// seconds.jsonl -> seconds of load (all generators together) and of the host, on one clock.

import { quickPercentiles } from '../../model/latency/quick-percentiles.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { HostLine, Line, LoadLine } from '../../model/second.ts';
import { type Clock, createClock } from './clock.ts';

/** One second of all generators together. */
export type LoadSecond = {
  /** Its middle, in seconds since the run began. */
  readonly atS: number;
  readonly stage: number;
  readonly durationS: number;
  readonly sent: number;
  /** Of requests and of responses; absent where they were not counted. */
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
  readonly throughputPerS: number;
  readonly errorsPerS: number;
  readonly open: number;
  /** Of expected answers; absent when there was none. */
  readonly p50Us?: number;
  readonly p99Us?: number;
};

export type HostSecond = {
  /** The middle of the sampled interval. */
  readonly atS: number;
  readonly intervalS: number;
  readonly metrics: HostLine['metrics'];
  /** Percent of each core that is in use; absent when the source does not report single cores. */
  readonly cores?: readonly number[];
};

export type Seconds = {
  readonly load: readonly LoadSecond[];
  /** Of the source that judges the CPU, else of that with the most samples. */
  readonly host: readonly HostSecond[];
  /** CPU credit balance, from any source that reports it: seconds since the run began, and credits. */
  readonly credits: readonly (readonly [number, number])[];
  /** CPU of the instance in percent of what its type has, from any source that reports it. */
  readonly instanceCpu: readonly (readonly [number, number])[];
  /** Begin of each stage. */
  readonly stageStarts: readonly number[];
  readonly endS: number;
  readonly setBackS: number;
};

const balanceMetric = 'aws.ec2.cpucredit_balance';
const instanceCpuMetric = 'aws.ec2.cpuutilization';
/** The last piece of a stage may be a few milliseconds long; one answer in it would be a peak. The stage's totals have it. */
const shortestS = 0.25;

/** Everything of a run's seconds.jsonl, read to its end. `preferred` are the host's sources, the judging one first. */
export async function collectSeconds(
  run: RunRecord,
  lines: AsyncIterable<Line>,
  preferred: readonly { readonly source: string; readonly host: string }[] = [],
): Promise<Seconds> {
  const collected = gatherSeconds(run.startedAt, run.generator.processes);
  for await (const line of lines) collected.add(line);
  return collected.result(preferred);
}

/**
 * Takes lines one by one; the result so far is available at any time. The n-th seconds of a stage's generators are put together: they start
 * together and each measures its own seconds, so the number of a second is surer than its wall-clock time.
 */
export function gatherSeconds(startedAt: string, processes: number) {
  const harness = createClock(startedAt);
  const sources = new Map<string, { clock: Clock; seconds: HostSecond[] }>();
  const load: LoadSecond[] = [];
  const credits: [number, number][] = [];
  const instanceCpu: [number, number][] = [];
  const pending = new Map<string, Group>();
  const numbers = new Map<string, number>();
  const stageStarts: number[] = [];
  let endS = 0;

  const addLoad = (line: LoadLine): void => {
    const atS = harness.secondsAt(line.at);
    endS = Math.max(endS, atS + line.durationS);
    if (processes === 1) {
      load.push(joinGenerators({ atS, lines: [line] }));
      return;
    }
    const generator = `${line.stage} ${line.generator}`;
    const number = numbers.get(generator) ?? 0;
    numbers.set(generator, number + 1);
    const key = `${line.stage} ${number}`;
    const group = pending.get(key) ?? { atS, lines: [] };
    group.lines.push(line);
    // A day of lines is a quarter of a GiB: a second is joined, and its lines let go, as soon as all generators have reported theirs.
    if (group.lines.length < processes) pending.set(key, group);
    else {
      pending.delete(key);
      load.push(joinGenerators(group));
    }
  };

  const addHost = (line: HostLine): void => {
    const key = `${line.source}\n${line.host}`;
    const source = sources.get(key) ?? { clock: createClock(startedAt), seconds: [] };
    sources.set(key, source);
    const atS = source.clock.secondsAt(line.at) - line.intervalS / 2;
    const idle = line.perCore?.['system.cpu.idle'];
    const cores = idle && { cores: idle.map((each) => Math.max(0, 100 - each)) };
    if (atS >= 0) source.seconds.push({ atS, intervalS: line.intervalS, metrics: line.metrics, ...cores });
    const { [balanceMetric]: balance, [instanceCpuMetric]: cpu } = line.metrics;
    if (balance !== undefined && atS >= 0) credits.push([atS, balance]);
    if (cpu !== undefined && atS >= 0) instanceCpu.push([atS, cpu]);
    endS = Math.max(endS, atS + line.intervalS / 2);
  };

  return {
    add(line: Line): void {
      if (line.kind === 'stage') stageStarts[line.stage] = harness.secondsAt(line.startedAt);
      if (line.kind === 'stage-end') endS = Math.max(endS, harness.secondsAt(line.finishedAt));
      if (line.kind === 'load' && !line.lead) addLoad(line);
      if (line.kind === 'host') addHost(line);
    },
    result(preferred: readonly { readonly source: string; readonly host: string }[] = []): Seconds {
      const gives = (name: string) => sources.get(name)?.seconds.some(({ metrics }) => 'system.cpu.user' in metrics);
      const first = preferred.map(({ source, host }) => `${source}\n${host}`).find(gives);
      const most = [...sources.values()].sort((a, b) => b.seconds.length - a.seconds.length)[0];
      const host = first === undefined ? most : sources.get(first);
      return {
        load: [...load, ...[...pending.values()].map(joinGenerators)]
          .filter((second) => second.durationS >= shortestS)
          .sort((a, b) => a.atS - b.atS),
        host: host?.seconds ?? [],
        credits,
        instanceCpu,
        stageStarts,
        endS,
        setBackS: Math.max(harness.setBackS(), host?.clock.setBackS() ?? 0),
      };
    },
  };
}

type Group = { readonly atS: number; readonly lines: LoadLine[] };

function joinGenerators({ atS, lines }: Group): LoadSecond {
  // One loop: this runs 86,400 times for a day.
  let durationS = 0;
  let sent = 0;
  let completed = 0;
  let errors = 0;
  let open = 0;
  let sentBytes: number | undefined;
  let receivedBytes: number | undefined;
  const encoded: string[] = [];
  for (const line of lines) {
    const { ok, unexpectedStatus, timeout, connectionError } = line.outcomes;
    durationS = Math.max(durationS, line.durationS);
    sent += line.sent;
    completed += ok + unexpectedStatus;
    errors += unexpectedStatus + timeout + connectionError;
    open += line.open;
    if (line.bytes) {
      sentBytes = (sentBytes ?? 0) + line.bytes.sent;
      receivedBytes = (receivedBytes ?? 0) + line.bytes.received;
    }
    if (line.latencyUs !== undefined) encoded.push(line.latencyUs);
  }
  const [p50Us, p99Us] = quickPercentiles(encoded, [50, 99]) ?? [];
  return {
    atS: atS + durationS / 2,
    stage: lines[0]?.stage ?? 0,
    durationS,
    sent,
    throughputPerS: completed / durationS,
    errorsPerS: errors / durationS,
    open,
    ...present({ sentBytes, receivedBytes, p50Us, p99Us }),
  };
}
