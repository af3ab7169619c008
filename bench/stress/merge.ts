// Merging 100 shards of an hour each into one run folder: time and memory. The report that `report --merge` builds of it then is not
// part of this.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createHistogram, encodeHistogram, summarize } from '../../model/latency/histogram.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { LoadLine } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { recordUs } from '../../model/test/latency/record-us.ts';
import { makeRun } from '../../model/test/make-run.ts';
import { output, tempFolder } from '../program.ts';
import { print } from '../rounds.ts';

export const claim =
  'merging 100 shards of an hour each (a line a second) into a run folder, without its report: under 5 s and under 500 MiB';

const shards = 100;
const seconds = 3600;
const beganAt = Date.UTC(2026, 0, 1);

/** A plausible second: 100 requests around 2 ms with a tail. */
function encodedSecond(seed: number): string {
  const histogram = createHistogram();
  for (let request = 0; request < 100; request++)
    recordUs(histogram, 1000 + ((request * 7919 + seed * 104_729) % 2000) * (request > 98 ? 20 : 1));
  return encodeHistogram(histogram);
}

function line(shard: number, second: number, latencyUs: string): LoadLine {
  return {
    kind: 'load',
    stage: 0,
    generator: shard,
    at: new Date(beganAt + second * 1000).toISOString(),
    durationS: 1,
    intended: 100,
    dropped: 0,
    sent: 100,
    outcomes: { ok: 100, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    statusCounts: { 302: 100 },
    routes: { redirect: { ok: 100, failed: 0 } },
    latencyUs,
    inFlightS: 0.2,
    open: 0,
    eventLoopUtilization: 0.1,
    cpuS: 0.1,
  };
}

function writeShard(dir: string, shard: number): void {
  mkdirSync(dir, { recursive: true });
  const encoded = Array.from({ length: 20 }, (_, variant) => encodedSecond(shard * 20 + variant));
  const begin = {
    kind: 'stage',
    stage: 0,
    name: 'soak',
    stageKind: 'open',
    role: 'measured',
    startedAt: new Date(beganAt).toISOString(),
  };
  const lines = Array.from({ length: seconds }, (_, second) =>
    JSON.stringify(line(shard, second, encoded[second % 20] as string)),
  );
  writeFileSync(join(dir, 'seconds.jsonl'), `${[JSON.stringify(begin), ...lines].join('\n')}\n`);
  const histogram = createHistogram();
  for (let value = 1; value < 5000; value++) recordUs(histogram, value * (shard + 1));
  const figures = summarize(histogram);
  if (!figures) throw new Error('an empty histogram');
  const latencyUs = { ...figures, histogram: encodeHistogram(histogram) };
  const count = 100 * seconds;
  const stage: StageRecord = {
    name: 'soak',
    kind: 'open',
    role: 'measured',
    arrivalRatePerS: { from: 10_000, to: 10_000 },
    startedAt: new Date(beganAt).toISOString(),
    finishedAt: new Date(beganAt + seconds * 1000).toISOString(),
    durationS: seconds,
    requests: { intended: count, sent: count, completed: count, dropped: 0, open: 0 },
    outcomes: { ok: count, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    statusCounts: { 302: count },
    routes: { redirect: { ok: count, failed: 0, latencyUs } },
    throughputPerS: 100,
    latencyUs,
    errors: {},
  };
  const run = makeRun({
    id: `shard-${shard}`,
    generator: { ...makeRun().generator, hostname: `agent-${shard}` },
    startedAt: new Date(beganAt).toISOString(),
    target: { url: 'http://127.0.0.1:8000/', kind: 'shortener', startedByHarness: false },
    stages: [stage],
    shard: { index: shard + 1, of: shards, startAt: new Date(beganAt).toISOString() },
  });
  writeFileSync(join(dir, 'run.json'), JSON.stringify(run));
}

/** Prints time, peak memory and what came out. */
export async function run(): Promise<boolean> {
  const out = tempFolder();
  for (let shard = 0; shard < shards; shard++) writeShard(join(out, 'shards', `shard-${shard}`), shard);
  const script = `
    const { mergeShards } = await import('./commands/report/merge.ts');
    const { readdirSync } = await import('node:fs');
    const began = performance.now();
    const dir = await mergeShards(readdirSync(${JSON.stringify(join(out, 'shards'))}).map((name) => ${JSON.stringify(`${join(out, 'shards')}/`)} + name), ${JSON.stringify(join(out, 'runs'))});
    console.log(JSON.stringify({ dir, tookS: (performance.now() - began) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 }));`;
  const began = performance.now();
  const said = await output(process.execPath, '--import', 'tsx', '--input-type=module', '-e', script);
  const wholeS = (performance.now() - began) / 1000;
  const { dir, tookS, peakMiB } = JSON.parse(said);
  const merged: RunRecord = JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'));
  const lines = readFileSync(join(dir, 'seconds.jsonl'), 'utf8').split('\n').length - 1;
  const exact =
    merged.stages[0]?.requests.completed === shards * seconds * 100 &&
    merged.stages[0]?.latencyUs?.count === shards * 4999 &&
    lines === shards * seconds + 1;
  print(
    `${readdirSync(join(out, 'shards')).length} shards, ${lines} lines: ${tookS.toFixed(1)} s (${wholeS.toFixed(1)} s with the start of the process), peak ${peakMiB.toFixed(0)} MiB, ${exact ? 'nothing lost' : 'COUNTS DIFFER'}`,
  );
  return exact && wholeS < 5 && peakMiB < 500;
}
