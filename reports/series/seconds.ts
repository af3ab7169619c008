// seconds.jsonl -> seconds of load (all generators together) and of the host, on one clock.

import type { RunRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import { createClock } from './clock.ts';
import { gatherHosts, type HostSecond } from './host-seconds.ts';
import { gatherLoad, type LoadSecond } from './load-seconds.ts';

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

/** Takes lines one by one; the result so far is available at any time. */
export function gatherSeconds(startedAt: string, processes: number) {
  const harness = createClock(startedAt);
  const load = gatherLoad(harness, processes);
  const hosts = gatherHosts(startedAt);
  const stageStarts: number[] = [];
  let endS = 0;
  return {
    add(line: Line): void {
      if (line.kind === 'stage') stageStarts[line.stage] = harness.secondsAt(line.startedAt);
      if (line.kind === 'stage-end') endS = Math.max(endS, harness.secondsAt(line.finishedAt));
      if (line.kind === 'load' && !line.lead) endS = Math.max(endS, load.add(line));
      if (line.kind === 'host') endS = Math.max(endS, hosts.add(line));
    },
    result(preferred: readonly { readonly source: string; readonly host: string }[] = []): Seconds {
      const host = hosts.choose(preferred);
      return {
        load: load.result(),
        host: host?.seconds ?? [],
        credits: hosts.credits,
        instanceCpu: hosts.instanceCpu,
        stageStarts,
        endS,
        setBackS: Math.max(harness.setBackS(), host?.clock.setBackS() ?? 0),
      };
    },
  };
}
