// Walks through the open and the users engine, against an app with sessions, cookies and a token.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LoadLine, StageEndLine } from '../../../model/second.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { stageFromLines } from '../../../model/stage/stage-result.ts';
import type { Walk } from '../../../model/walk.ts';
import type { WalkOrder } from '../../engines/stage-order.ts';
import { runUsersStage } from '../../engines/users.ts';
import { runOpen } from './run-open.ts';
import { steady } from './steady.ts';
import { signInWalk, startWalkApp, type WalkApp } from './walk-server.ts';

let app: WalkApp;
afterEach(() => app.close());

const cells = ['anna', 'bö & co', 'c"=+%'].map((user) => [user, `pw of ${user}`]);
const orderOf = ({ steps }: Walk): { walk: WalkOrder; routes: (Walk['steps'][number] & { weight: number })[] } => ({
  walk: { steps, rows: { columns: ['user', 'password'], cells }, first: 0, every: 1 },
  routes: steps.map((step) => ({ ...step, weight: 1 })),
});
const thinking = (thinkS: number): Walk => ({
  steps: signInWalk.steps.map((step, index) => (index === 0 ? step : { ...step, thinkS })),
});

async function runUsers(connections: number, durationS: number, walk = signInWalk): Promise<StageRecord> {
  const lines: LoadLine[] = [];
  const ends: StageEndLine[] = [];
  const order = { kind: 'closed' as const, stage: 0, generator: 0, origin: app.origin, timeoutS: 2, insecure: false };
  await runUsersStage(
    { ...order, ...orderOf(walk), connections, durationS, thinkTimeS: 0 },
    (line) => (line.kind === 'load' ? lines.push(line) : ends.push(line)),
    new AbortController().signal,
  );
  const startedAt = lines[0]?.at ?? '';
  const begin = {
    kind: 'stage',
    stage: 0,
    name: 's',
    stageKind: 'closed',
    role: 'measured',
    connections,
    startedAt,
  } as const;
  return stageFromLines(begin, lines, ends);
}

function expectConserved({ walks }: StageRecord): void {
  const failed = walks?.failed.reduce((sum, each) => sum + each.walks, 0) ?? 0;
  expect(walks?.begun).toBe((walks?.completed ?? 0) + (walks?.unfinished ?? 0) + failed);
}

describe('an open stage', () => {
  test(
    'begins a walk with each arrival, whose steps follow in order with cookies, values and the next row',
    steady(async () => {
      app = await startWalkApp();
      const { stage } = await runOpen(app.origin, orderOf(signInWalk));
      // The last one begins 20 ms before the end, after which no step is sent.
      const { completed = 0, unfinished = 0 } = stage.walks ?? {};
      expect(stage.walks).toEqual({ begun: 50, completed: 50 - unfinished, unfinished, failed: [] });
      expect(completed).toBeGreaterThan(10);
      expect(stage.outcomes).toMatchObject({ unexpectedStatus: 0, timeout: 0, connectionError: 0 });
      expect(stage.routes).toMatchObject({ page: { ok: 50 }, order: { ok: completed } });
      expect(app.users.slice(0, 4)).toEqual(['anna', 'bö & co', 'c"=+%', 'anna']);
    }),
  );

  test(
    'ends a walk whose value is not found, names the step, and never sends what follows',
    steady(async () => {
      app = await startWalkApp({ withoutToken: 5 });
      const { stage } = await runOpen(app.origin, orderOf(signInWalk));
      expect(stage.walks).toMatchObject({
        begun: 50,
        failed: [{ step: 'page', why: 'value', variable: 'csrf', walks: 10 }],
      });
      expect(stage.walks?.completed).toBeGreaterThan(10);
      expect(stage.outcomes.unexpectedStatus).toBe(10);
      expect(app.log.filter((line) => line.startsWith('POST'))).toHaveLength(stage.routes['sign in']?.ok ?? 0);
      expectConserved(stage);
    }),
  );

  test(
    'waits before a step that has a pause, counts latency from its end, and leaves late walks unfinished',
    steady(async () => {
      app = await startWalkApp();
      const { stage } = await runOpen(app.origin, orderOf(thinking(0.3)));
      const { begun = 0, completed = 0, unfinished = 0 } = stage.walks ?? {};
      expect(begun).toBe(50);
      expect(unfinished).toBeGreaterThan(10);
      expect(completed).toBe(begun - unfinished);
      expect(completed).toBeGreaterThan(5);
      expect(stage.latencyUs?.p50).toBeLessThan(295_000);
    }),
  );

  test(
    'counts a link to another host, an unexpected status and a response that never comes, each at its step',
    steady(async () => {
      app = await startWalkApp();
      const [page, signIn, order] = signInWalk.steps as [
        Walk['steps'][number],
        Walk['steps'][number],
        Walk['steps'][number],
      ];
      const abroad = { ...signIn, body: `${signIn.body}&x`, take: { next: { pattern: '^' } } };
      const { stage: missed } = await runOpen(app.origin, orderOf({ steps: [page, abroad, order] }));
      const walksOf = ({ walks }: StageRecord) => 50 - (walks?.unfinished ?? 0);
      expect(missed.walks?.failed).toEqual([
        { step: 'sign in', why: 'value', variable: 'next', walks: walksOf(missed) },
      ]);
      const link = { ...page, take: { next: { pattern: 'in' } } };
      const { stage: found } = await runOpen(app.origin, orderOf({ steps: [link, { ...order, expect: [404] }] }));
      expect(found.walks?.failed).toEqual([{ step: 'order', why: 'status', walks: walksOf(found) }]);
      expect(app.log).toContain('GET /in 401');
      expectConserved(found);
    }),
  );

  test(
    'counts steps that found no free connection as dropped, and their walks as failed',
    steady(async () => {
      app = await startWalkApp();
      const { stage } = await runOpen(app.origin, {
        ...orderOf(thinking(0.05)),
        maxConnections: 1,
        arrivalRatePerS: { from: 400, to: 400 },
      });
      const failed = stage.walks?.failed.filter(({ why }) => why === 'not-sent') ?? [];
      expect(failed.reduce((sum, { walks }) => sum + walks, 0)).toBe(
        stage.requests.dropped + (stage.requests.late ?? 0),
      );
      expect(stage.requests.dropped).toBeGreaterThan(0);
      expectConserved(stage);
    }),
  );
});

describe('a closed stage', () => {
  test(
    'has users who walk one time after the other, each time as another one',
    steady(async () => {
      app = await startWalkApp();
      const stage = await runUsers(4, 1);
      expect(stage.walks?.failed).toEqual([]);
      expect(stage.walks?.completed).toBeGreaterThan(2);
      expect(stage.outcomes.ok).toBe(stage.requests.completed);
      expect(new Set(app.users).size).toBe(3);
      expectConserved(stage);
    }),
  );

  test(
    'leaves out the pauses of the steps',
    steady(async () => {
      app = await startWalkApp();
      const stage = await runUsers(1, 0.5, thinking(60));
      expect(stage.walks?.completed).toBeGreaterThan(3);
    }),
  );
});
