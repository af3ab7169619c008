import { expect, test } from '@jest/globals';
import { firstPathOf } from '../../../../loadtest/target/send-once.ts';
import type { StartedApp } from '../../../../loadtest/target/started-app.ts';
import { signInWalk, startWalkApp } from '../../../../loadtest/test/engines/walk-server.ts';
import { countWorkers } from '../../../stress/run/count-workers.ts';

const rows = { columns: ['user', 'password'], cells: [['anna', 'pw of anna']] };

test('while workers are counted, users are on the walk, with its cookies and values', async () => {
  const app = await startWalkApp();
  const started = { url: `${app.origin}/`, pids: () => [process.pid] } as unknown as StartedApp;
  const walk = { steps: signInWalk.steps, rows };
  const routes = walk.steps.map((step) => ({ ...step, weight: 1 }));
  await countWorkers(started, { routes, walk }, 2, new AbortController().signal);
  app.close();
  expect(new Set(app.log.map((line) => line.replace(/\d+ /, 'N ')))).toEqual(
    new Set(['GET /login 200', 'POST /login 303', 'GET /orders/N 200']),
  );
});

test('the clock of the target is read where the first user begins', () => {
  const [first] = signInWalk.steps;
  const steps = [{ ...first, path: '/of/$'.concat('{user}') }] as typeof signInWalk.steps;
  expect(firstPathOf({ steps, rows: { ...rows, cells: [['bö', '']] } }, 'http://127.0.0.1:1')).toBe('/of/b%C3%B6');
});
