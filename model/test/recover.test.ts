import { describe, expect, test } from '@jest/globals';
import { recoverRun } from '../recover.ts';
import type { RunRecord } from '../run-record.ts';
import type { Line, LoadLine } from '../second.ts';
import { makeRun, makeSecond } from './make-run.ts';

const run = makeRun({ status: 'running' });

const load = (stage: number, at: string, ok: number): LoadLine => makeSecond(ok, { stage, at });

async function* stream(lines: readonly Line[]): AsyncGenerator<Line> {
  yield* lines;
}

describe('recoverRun', () => {
  const lines: Line[] = [
    {
      kind: 'stage',
      stage: 0,
      name: 'one',
      stageKind: 'closed',
      role: 'measured',
      connections: 1,
      startedAt: '2026-01-01T00:00:00.000Z',
    },
    load(0, '2026-01-01T00:00:00.000Z', 10),
    {
      kind: 'stage-end',
      stage: 0,
      generator: 0,
      finishedAt: '2026-01-01T00:00:01.000Z',
      routeLatencyUs: {},
      errors: {},
    },
    {
      kind: 'stage',
      stage: 1,
      name: 'two',
      stageKind: 'closed',
      role: 'measured',
      connections: 2,
      startedAt: '2026-01-01T00:00:01.000Z',
    },
    load(1, '2026-01-01T00:00:01.000Z', 7),
  ];

  test('puts the stages of a killed run together, also the one in which it was killed', async () => {
    const recovered = await recoverRun(run, stream(lines));
    expect(recovered.stages.map((stage) => [stage.name, stage.requests.completed, stage.finishedAt])).toEqual([
      ['one', 10, '2026-01-01T00:00:01.000Z'],
      ['two', 7, undefined],
    ]);
    expect(recovered.status).toBe('running');
    expect(recovered.validity.verdict).toBe('inconclusive');
    expect(recovered.warnings).toHaveLength(1);
  });

  test('leaves a finished run as it is', async () => {
    const finished: RunRecord = { ...run, status: 'complete' };
    expect(await recoverRun(finished, stream(lines))).toBe(finished);
  });
});
