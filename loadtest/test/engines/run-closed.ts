// Runs a closed stage and returns its record.
import { expect } from '@jest/globals';
import type { Route } from '../../../model/profile.ts';
import type { LoadLine, StageEndLine } from '../../../model/second.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { stageFromLines } from '../../../model/stage/stage-result.ts';
import { runClosedStage } from '../../engines/closed.ts';
import type { ClosedOrder } from '../../engines/stage-order.ts';

export const get = (path: string, expected: number[], weight = 1, name = path): Route => ({
  name,
  method: 'GET',
  path,
  weight,
  headers: {},
  expect: expected,
});

/** Runs a stage of two connections for one second, or what `changes` says, and checks its sums. */
export async function runClosed(
  origin: string,
  changes: Partial<ClosedOrder> = {},
  signal = new AbortController().signal,
): Promise<{ stage: StageRecord; lines: LoadLine[] }> {
  const order: ClosedOrder = {
    kind: 'closed',
    stage: 0,
    generator: 0,
    origin,
    routes: [get('/', [200])],
    connections: 2,
    durationS: 1,
    timeoutS: 2,
    insecure: false,
    ...changes,
  };
  const lines: LoadLine[] = [];
  const ends: StageEndLine[] = [];
  await runClosedStage(order, (line) => (line.kind === 'load' ? lines.push(line) : ends.push(line)), signal);
  const startedAt = lines[0]?.at ?? new Date().toISOString();
  const stage = stageFromLines(
    {
      kind: 'stage',
      stage: 0,
      name: 's',
      stageKind: 'closed',
      role: 'measured',
      connections: order.connections,
      startedAt,
    },
    lines,
    ends,
  );
  const { requests, outcomes } = stage;
  expect(requests.completed).toBe(outcomes.ok + outcomes.unexpectedStatus);
  expect(requests.sent).toBe(requests.completed + outcomes.timeout + outcomes.connectionError + requests.open);
  return { stage, lines };
}
