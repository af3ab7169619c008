// Shards on disk, merged into a run folder.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import { readLines, readRun } from '../../../model/run-folder.ts';
import type { Line, LoadLine, StageLine } from '../../../model/second.ts';
import { stageFromLines } from '../../../model/stage/stage-result.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { isoAt, makeRun, makeSecond } from '../../../model/test/make-run.ts';
import { collectSeconds } from '../../../reports/series/seconds.ts';
import { mergeShards } from '../../report/merge.ts';

const shards = 3;
const durationS = 20;

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'merge-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const second = (at: number): LoadLine =>
  makeSecond(10, { at: isoAt(at), statusCounts: { 302: 10 }, routes: { redirect: { ok: 10, failed: 0 } } });

function writeShard(index: number): string {
  const dir = join(out, `shard-${index}`);
  mkdirSync(dir);
  const run = makeRun({
    id: `shard-${index}`,
    target: { ...makeRun().target, startedByHarness: false },
    shard: { index, of: shards, startAt: isoAt(0), clock: { offsetMs: 0, uncertaintyMs: 20 } },
  });
  writeFileSync(join(dir, 'run.json'), JSON.stringify(run));
  const lines: Line[] = [
    {
      kind: 'stage',
      stage: 0,
      name: 'load',
      stageKind: 'closed',
      role: 'measured',
      connections: 3,
      startedAt: isoAt(0),
    },
    ...Array.from({ length: durationS }, (_, at) => second(at + index / 100)),
  ];
  writeFileSync(join(dir, 'seconds.jsonl'), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  return dir;
}

function encoded(value: number): string {
  const histogram = createHistogram();
  recordUs(histogram, value);
  return encodeHistogram(histogram);
}

const writeShards = (): string[] => Array.from({ length: shards }, (_, index) => writeShard(index + 1));

async function linesOf(dir: string): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readLines(dir)) lines.push(line);
  return lines;
}

describe('mergeShards', () => {
  test('figures of all shards leave out the longest warm-up that any of them cut off', async () => {
    const dirs = writeShards();
    for (const [index, dir] of dirs.entries()) {
      const seconds: LoadLine[] = [];
      const path = join(dir, 'seconds.jsonl');
      let begin: StageLine | undefined;
      for await (const line of readLines(dir)) {
        if (line.kind === 'stage') begin = line;
        // Only the first shard was slow while it warmed up.
        if (line.kind === 'load')
          seconds.push({ ...line, latencyUs: encoded(index === 0 && seconds.length < 5 ? 9000 : 1000) });
      }
      if (!begin) throw new Error('no stage');
      const cut = index === 0 ? { ...begin, cutS: 5 } : begin;
      writeFileSync(path, `${[begin, ...seconds].map((line) => JSON.stringify(line)).join('\n')}\n`);
      const run = { ...readRun(dir), stages: [stageFromLines(cut, seconds, [])] };
      writeFileSync(join(dir, 'run.json'), JSON.stringify(run));
    }
    const [stage] = readRun(await mergeShards(dirs, join(out, 'runs'))).stages;
    expect(stage?.latencyUs).toMatchObject({ count: shards * (durationS - 5) });
    expect(stage?.latencyUs?.max).toBeLessThan(1100);
    expect(stage?.throughputPerS).toBeCloseTo(shards * 10, 5);
    expect(stage?.steady?.cutS).toBe(5);
    expect(stage?.requests.completed).toBe(shards * durationS * 10);
  });

  test('seconds that went side by side stay side by side', async () => {
    const dir = await mergeShards(writeShards(), join(out, 'runs'));
    const lines = await linesOf(dir);
    expect(lines).toHaveLength(1 + shards * durationS);
    const times = lines.flatMap((line) => (line.kind === 'load' ? [line.at] : []));
    expect(times).toEqual([...times].sort());
    const seconds = await collectSeconds(readRun(dir), readLines(dir));
    expect(seconds.setBackS).toBe(0);
    expect(seconds.endS).toBeCloseTo(durationS, 0);
    expect(seconds.load).toHaveLength(durationS);
  });

  test('the line that a killed shard left unfinished is left out, wherever it broke off', async () => {
    const whole = JSON.stringify(second(durationS));
    for (const [attempt, length] of [40, whole.indexOf('}') + 1, whole.length - 1].entries()) {
      rmSync(out, { recursive: true });
      mkdirSync(out);
      const dirs = writeShards();
      appendFileSync(join(dirs[0] as string, 'seconds.jsonl'), whole.slice(0, length));
      const lines = await linesOf(await mergeShards(dirs, join(out, `runs-${attempt}`)));
      expect(lines).toHaveLength(1 + shards * durationS);
    }
  });

  test('a line that is broken in the middle is named, and no half of a run is left', async () => {
    const dirs = writeShards();
    appendFileSync(join(dirs[1] as string, 'seconds.jsonl'), `{"kind":"load","sta\n${JSON.stringify(second(20))}\n`);
    const runs = join(out, 'runs');
    await expect(mergeShards(dirs, runs)).rejects.toThrow(/shard-2.*line 22 is not JSON/);
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
  });
});
