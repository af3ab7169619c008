// Runs an open stage and returns its record.
import { expect } from '@jest/globals';
import type { Route } from '../../../model/profile.ts';
import type { LoadLine, StageEndLine } from '../../../model/second.ts';
import { lineSchema } from '../../../model/second.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { stageFromLines } from '../../../model/stage/stage-result.ts';
import { runOpenStage } from '../../engines/open.ts';
import type { OpenOrder } from '../../engines/stage-order.ts';

export const route = (part: Partial<Route> = {}): Route => ({
  name: 'go',
  method: 'GET',
  path: '/go',
  weight: 1,
  headers: {},
  expect: [200],
  ...part,
});

/** Runs a stage of 50/s for one second, or what `changes` says, and checks what must hold for every stage. */
export async function runOpen(
  origin: string,
  changes: Partial<OpenOrder> = {},
  signal = new AbortController().signal,
): Promise<{ stage: StageRecord; lines: LoadLine[] }> {
  const order: OpenOrder = {
    kind: 'open',
    stage: 0,
    generator: 0,
    generators: 1,
    origin,
    routes: [route()],
    startAt: Date.now() + 60,
    durationS: 1,
    arrivalRatePerS: { from: 50, to: 50 },
    arrivals: 'constant',
    seed: 1,
    // More than there are arrivals, and longer than a machine stands still: none is dropped, late or given up for that.
    maxConnections: 1000,
    timeoutS: 60,
    insecure: false,
    ...changes,
  };
  const lines: LoadLine[] = [];
  const ends: StageEndLine[] = [];
  await runOpenStage(
    order,
    (line) => {
      expect(lineSchema.parse(line)).toEqual(line);
      if (line.kind === 'load') lines.push(line);
      else ends.push(line);
    },
    signal,
  );
  expect(ends).toHaveLength(1);
  const startedAt = new Date().toISOString();
  const stage = stageFromLines(
    { kind: 'stage', stage: 0, name: 'open', stageKind: 'open', role: 'measured', startedAt },
    lines,
    ends,
  );
  const { intended, sent, dropped, late = 0, completed, open } = stage.requests;
  expect(intended).toBe(sent + dropped + late);
  expect(sent).toBe(completed + stage.outcomes.timeout + stage.outcomes.connectionError + open);
  expect(stage.scheduleLagUs?.count ?? 0).toBe(sent);
  return { stage, lines };
}
