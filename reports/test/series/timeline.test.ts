import { expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import { readLines, readRun } from '../../../model/run-folder.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { HostLine, Line, LoadLine } from '../../../model/second.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { collectSeconds } from '../../series/seconds.ts';
import { makeTimeline as makeFromSeconds } from '../../series/timeline.ts';
import { fixture } from '../fixture.ts';

const run = readRun(fixture('complete'));
const begin = Date.parse(run.startedAt);
const at = (second: number) => new Date(begin + 1000 * second).toISOString();

async function* each(lines: readonly Line[]): AsyncGenerator<Line> {
  yield* lines;
}

async function makeTimeline(of: RunRecord, lines: AsyncIterable<Line>) {
  return makeFromSeconds(of, await collectSeconds(of, lines));
}

function load(second: number, completed: number, changes: Partial<LoadLine> = {}): LoadLine {
  const histogram = createHistogram();
  for (let answer = 0; answer < 100; answer++) recordUs(histogram, 500);
  return {
    kind: 'load',
    stage: 0,
    generator: 0,
    at: at(second),
    durationS: 1,
    sent: completed,
    outcomes: { ok: completed, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    statusCounts: {},
    routes: {},
    latencyUs: encodeHistogram(histogram),
    open: 0,
    eventLoopUtilization: 0.1,
    cpuS: 0.1,
    ...changes,
  };
}

function host(second: number, user: number, changes: Partial<HostLine> = {}): HostLine {
  const metrics = { 'system.cpu.user': user, 'system.cpu.system': 5 };
  return { kind: 'host', at: at(second), source: 'local', host: 'box', intervalS: 1, metrics, ...changes };
}

const one: RunRecord = {
  ...run,
  stages: run.stages.slice(1, 2).map((stage) => ({ ...stage, startedAt: run.startedAt })),
};

test('a captured run has its seconds, latencies and CPU on one axis', async () => {
  const timeline = await makeTimeline(run, readLines(fixture('complete')));
  expect(timeline.stages.map((stage) => stage.name)).toEqual(run.stages.map((stage) => stage.name));
  expect(timeline.throughputPerS.flat().length).toBeGreaterThan(10);
  expect(timeline.cpu.flat().length).toBeGreaterThan(10);
  for (const { user, system, iowait, stolen } of timeline.cpu.flat()) {
    expect(user + system + iowait + stolen).toBeLessThanOrEqual(100.5);
  }
  expect(timeline.notes).toEqual([]);
});

test('generators side by side are added up, second by second', async () => {
  const two = { ...one, generator: { ...one.generator, processes: 2 } };
  const lines = [load(0, 100), load(0.1, 50, { generator: 1 }), load(1, 100), load(1.2, 70, { generator: 1 })];
  const { throughputPerS, p99Us } = await makeTimeline(two, each(lines));
  expect(throughputPerS.flat().map(([, value]) => value)).toEqual([150, 170]);
  expect(p99Us.flat().map(([, value]) => value)).toEqual([500, 500]);
});

test('a last piece of a few milliseconds is no peak', async () => {
  const { throughputPerS } = await makeTimeline(one, each([load(0, 100), load(1, 20, { durationS: 0.004 })]));
  expect(throughputPerS.flat().map(([, value]) => value)).toEqual([100]);
});

test('a second without an answer has a throughput of zero and no latency', async () => {
  const { latencyUs: _, ...silent } = load(1, 0);
  const { throughputPerS, p50Us } = await makeTimeline(one, each([load(0, 100), silent]));
  expect(throughputPerS.flat()).toEqual([
    [0.5, 100],
    [1.5, 0],
  ]);
  expect(p50Us.flat()).toEqual([[0.5, 500]]);
});

test('missing seconds are a gap, not a line', async () => {
  const { throughputPerS, cpu } = await makeTimeline(
    one,
    each([load(0, 1), load(1, 1), load(9, 1), host(1, 10), host(9, 20)]),
  );
  expect(throughputPerS.map((stretch) => stretch.length)).toEqual([2, 1]);
  expect(cpu.map((stretch) => stretch.length)).toEqual([1, 1]);
});

test('a clock that is set back does not fold the axis, and is told', async () => {
  const { throughputPerS, notes } = await makeTimeline(one, each([load(0, 1), load(60, 2), load(31, 3), load(32, 4)]));
  expect(throughputPerS.flat().map(([atS]) => atS)).toEqual([0.5, 60.5, 60.5, 61.5]);
  expect(notes).toEqual(['The clock was set back by 29 s during the run; later times are shifted by the same amount.']);
});

test('of several sources the one with the most samples is drawn', async () => {
  const { cpu } = await makeTimeline(
    one,
    each([host(1, 10), host(1, 90, { source: 'datadog', intervalS: 15 }), host(2, 12), host(3, 11)]),
  );
  expect(cpu.flat().map((sample) => sample.user)).toEqual([10, 12, 11]);
});

test('a long run is thinned, says so, and keeps its one bad second', async () => {
  const lines = Array.from({ length: 4000 }, (_, second) => load(second, second === 2345 ? 0 : 100));
  const { throughputPerS, rows, notes } = await makeTimeline(one, each(lines));
  expect(throughputPerS.flat().length).toBeLessThanOrEqual(602);
  expect(throughputPerS.flat().find(([, value]) => value === 0)).toEqual([2345.5, 0]);
  expect(rows.length).toBeLessThanOrEqual(121);
  expect(rows.filter((row) => row.throughputPerS?.min === 0)).toHaveLength(1);
  expect(notes[0]).toMatch(/^The charts show the lowest and the highest second of every /);
});

test('the CPU of an instance is drawn in its own turns alone, and stands in the rows instead of that of the host', async () => {
  const [stage] = one.stages;
  const block = (second: number, appCpuS: number) => ({
    ...{ startedAt: at(second), durationS: 1.5, throughputPerS: 1, clean: true, appCpuS },
  });
  const target = { ...one.target, vcpus: 2, vcpuShare: 0.5 };
  const inBlocks = { ...one, target, stages: [{ ...stage, blocks: [block(0, 1.44), block(6, 1.47)] }] } as RunRecord;
  const emulated = (second: number, percent: number) =>
    host(second, 0, { source: 'emulated', metrics: { 'aws.ec2.cpuutilization': percent } });
  const begin = {
    kind: 'stage',
    stage: 0,
    name: 'x',
    stageKind: 'closed',
    role: 'measured',
    startedAt: at(0),
  } as const;
  const samples = [95, 48, 0, 0, 0, 0, 97, 49, 0].map((percent, second) => emulated(second + 1, percent));
  const { instanceCpu, rows } = await makeTimeline(inBlocks, each([begin, host(1, 50), ...samples]));
  expect(instanceCpu).toEqual([
    [
      [0, 96],
      [1.5, 96],
    ],
    [
      [6, 98],
      [7.5, 98],
    ],
  ]);
  expect(rows.map(({ cpuPercent }) => cpuPercent)).toEqual([95, 48, 0, 0, 0, 0, 97, 49, 0]);
  const plain = { ...inBlocks, stages: [{ ...stage, durationS: 9 }, ...inBlocks.stages] } as RunRecord;
  const late = await makeTimeline(
    plain,
    each([begin, { ...begin, stage: 1, startedAt: at(9) }, emulated(1, 90), emulated(2, 91), emulated(6, 92)]),
  );
  expect(late.instanceCpu[0]?.map(([, percent]) => percent)).toEqual([90, 91, 92]);
  const cloudWatch = [60, 360, 660].map((second) => emulated(second, 40));
  expect((await makeTimeline(inBlocks, each(cloudWatch))).instanceCpu.map(({ length }) => length)).toEqual([3]);
});

test('a command beside the load and an early end are moments on the axis', async () => {
  const command = { line: 'make', startedAt: at(1), durationS: 0.5, exitCode: 0 };
  const [stage] = one.stages;
  const lines = [
    { kind: 'stage', stage: 0, name: 'x', stageKind: 'closed', role: 'measured', startedAt: one.startedAt },
  ];
  const of = (more: object) =>
    makeTimeline(
      { ...one, stages: [{ ...stage, ...more }] } as RunRecord,
      each([...(lines as Line[]), load(0, 1), load(1, 1)]),
    ).then(({ marks }) => marks);
  const { durationS = 0 } = stage ?? {};
  expect(await of({})).toEqual([]);
  expect(await of({ command })).toEqual([
    { atS: 1, name: 'command starts' },
    { atS: 1.5, name: 'command ends' },
  ]);
  expect(await of({ aborted: { code: 'autostop', rule: 'errors' } })).toEqual([{ atS: durationS, name: 'autostop' }]);
  expect(await of({ aborted: 'the app ended' })).toEqual([{ atS: durationS, name: 'ended early' }]);
});

test('no line at all is an empty axis', async () => {
  expect(await makeTimeline({ ...run, stages: [] }, each([]))).toEqual({
    beginS: 0,
    durationS: 0,
    stages: [],
    marks: [],
    throughputPerS: [],
    p50Us: [],
    p99Us: [],
    errorsPerS: [],
    cpu: [],
    inFlight: [],
    cores: [],
    load1: [],
    appMemory: [],
    hostMemory: [],
    credits: [],
    instanceCpu: [],
    rows: [],
    notes: [],
  });
});
