import { describe, expect, test } from '@jest/globals';
import { observedSchema } from '../../../../model/observed.ts';
import type { RunRecord } from '../../../../model/run-record.ts';
import type { HostLine, Line } from '../../../../model/second.ts';
import type { StageRecord } from '../../../../model/stage/stage-record.ts';
import { isoAt as at, makeRun, makeStage } from '../../../../model/test/make-run.ts';
import { observe } from '../../../collectors/observed/observe.ts';

function stage(name: string, role: StageRecord['role'], from: number, to?: number): StageRecord {
  const kind = role === 'idle' ? 'idle' : 'closed';
  const durationS = (to ?? from) - from;
  return makeStage({
    name,
    kind,
    role,
    startedAt: at(from),
    ...(to !== undefined && { finishedAt: at(to) }),
    durationS,
  });
}

const run = (...stages: StageRecord[]): RunRecord => makeRun({ id: 'r1', stages });

function sample(second: number, user: number, more: Partial<HostLine> = {}): HostLine {
  return {
    kind: 'host',
    at: at(second),
    source: 'local',
    host: 'h',
    intervalS: 1,
    metrics: { 'system.cpu.user': user },
    ...more,
  };
}

async function* each(...lines: Line[]): AsyncGenerator<Line> {
  yield* lines;
}

describe('observe', () => {
  test('puts each sample to the stage in which most of its interval lies', async () => {
    const observed = await observe(
      run(stage('rest', 'idle', 0, 2), stage('load', 'measured', 2, 6), stage('more', 'measured', 6, 8)),
      each(
        sample(1, 2),
        sample(2, 4),
        sample(2.4, 90, { intervalS: 0.9 }),
        sample(4, 50),
        sample(5, 70),
        sample(8, 90),
      ),
    );
    expect(observedSchema.parse(observed)).toEqual(observed);
    expect(observed?.stages.map((each) => each.metrics['system.cpu.user'])).toEqual([
      { min: 2, max: 90, avg: (2 + 4 + 90 * 0.9) / 2.9, samples: 3 },
      { min: 50, max: 70, avg: 60, samples: 2 },
      { min: 90, max: 90, avg: 90, samples: 1 },
    ]);
    expect(observed?.measured['system.cpu.user']).toEqual({ min: 50, max: 90, avg: 70, samples: 3 });
  });

  test('of an open stage leave out the lead before its first arrival and the wait for its last answers', async () => {
    const load = (second: number, durationS = 1): Line => ({
      kind: 'load',
      stage: 0,
      generator: 0,
      at: at(second),
      durationS,
      sent: 1,
      outcomes: { ok: 1, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
      statusCounts: {},
      routes: {},
      open: 0,
      eventLoopUtilization: 0,
      cpuS: 0,
    });
    const observed = await observe(
      run(stage('probe', 'measured', 0, 8)),
      each(
        ...[load(0.8), load(1.8), load(2.8, 0)],
        ...[sample(1, 5), sample(2, 90), sample(3, 92), sample(4, 3), sample(5, 0), sample(8, 0)],
      ),
    );
    expect(observed?.stages[0]?.metrics['system.cpu.user']).toEqual({ min: 90, max: 92, avg: 91, samples: 2 });
  });

  test('of a stage in blocks lie inside one of them: in between another instance was visited', async () => {
    const block = (from: number) => ({ startedAt: at(from), durationS: 2, throughputPerS: 100, clean: true });
    const inTurn = { ...stage('saturation', 'measured', 0, 10), blocks: [block(0), block(6)] };
    const observed = await observe(
      run(inTurn),
      // The second that ends at 2.5 lies in the first block for half of its interval, that which ends at 3 for none.
      each(sample(1, 40), sample(2.5, 50), sample(3.5, 3), sample(5, 3), sample(7, 60), sample(10, 3)),
    );
    expect(observed?.stages[0]?.metrics['system.cpu.user']).toEqual({ min: 40, max: 60, avg: 50, samples: 3 });
  });

  test('weighs averages by the time that a sample stands for', async () => {
    const observed = await observe(
      run(stage('load', 'measured', 0, 6)),
      each(sample(1, 10), sample(6, 40, { intervalS: 5 })),
    );
    expect(observed?.measured['system.cpu.user']).toEqual({ min: 10, max: 40, avg: 35, samples: 2 });
    expect(observed?.sources[0]?.intervalS).toBe(3);
  });

  test('a sample between stages, or longer than any, belongs to none', async () => {
    const observed = await observe(
      run(stage('a', 'measured', 0, 2), stage('b', 'measured', 10, 12)),
      each(sample(6, 50), sample(12, 60, { intervalS: 15 })),
    );
    expect(observed?.stages.map((each) => each.metrics)).toEqual([{}, {}]);
    expect(observed?.measured).toEqual({});
    expect(observed?.sources[0]?.samples).toBe(2);
  });

  test('a stage that was cut off lasts until the next one, the last for ever', async () => {
    const observed = await observe(
      run(stage('a', 'measured', 0), stage('b', 'measured', 5)),
      each(sample(4, 10), sample(5, 20), sample(6, 30), sample(7, 40)),
    );
    expect(observed?.stages.map((each) => each.metrics['system.cpu.user'])).toEqual([
      { min: 10, max: 20, avg: 15, samples: 2 },
      { min: 30, max: 40, avg: 35, samples: 2 },
    ]);
  });

  test('summarises services over the samples that list them', async () => {
    const observed = await observe(
      run(stage('load', 'measured', 0, 4)),
      each(
        sample(1, 1, { services: { nginx: { cpuPercent: 10, rssBytes: 1000 } } }),
        sample(2, 1, { services: { nginx: { cpuPercent: 30, rssBytes: 3000 } } }),
        sample(3, 1, { services: {} }),
      ),
    );
    expect(observed?.stages[0]?.services).toEqual({
      nginx: {
        cpuPercent: { min: 10, max: 30, avg: 20, samples: 2 },
        rssBytes: { min: 1000, max: 3000, avg: 2000, samples: 2 },
      },
    });
  });

  test('takes each metric from one source: the one with the most samples, or the one that was asked for', async () => {
    const lines = () =>
      each(
        sample(1, 10),
        sample(2, 20),
        sample(2, 90, { source: 'datadog', intervalS: 2, metrics: { 'system.cpu.user': 90, 'system.load.1': 3 } }),
      );
    const record = run(stage('load', 'measured', 0, 2));
    const finest = await observe(record, lines());
    expect(finest?.measured['system.cpu.user']).toEqual({ min: 10, max: 20, avg: 15, samples: 2 });
    expect(finest?.measured['system.load.1']?.avg).toBe(3);
    expect(finest?.sources.map(({ source, samples }) => [source, samples])).toEqual([
      ['local', 2],
      ['datadog', 1],
    ]);
    const asked = await observe(record, lines(), { primary: 'datadog' });
    expect(asked?.measured['system.cpu.user']?.avg).toBe(90);
  });

  test('names what a source did not give', async () => {
    const observed = await observe(run(stage('load', 'measured', 0, 2)), each(sample(1, 10)));
    expect(observed?.sources[0]?.missing).toContain('system.load.1');
    expect(observed?.sources[0]?.missing).not.toContain('system.cpu.user');
  });

  test('without a host sample nothing was observed', async () => {
    expect(await observe(run(stage('load', 'measured', 0, 2)), each())).toBeUndefined();
  });
});
