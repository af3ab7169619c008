// What a worker does when the primary process does not answer, as on a machine that is too busy.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import express from 'express';
import { createPrimaryClient } from '../../cluster/primary-client.ts';
import { answerFailure } from '../../http/failure.ts';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

test('a primary that does not answer is 503 with a time to come back, and one line in the log', async () => {
  const log: string[] = [];
  const primary = createPrimaryClient(() => {
    jest.advanceTimersByTime(5000);
  });
  const app = express();
  app.post('/api/links', (_req, res) =>
    primary.ask({ about: 'creation', address: '::1' }).then((free) => res.json(free)),
  );
  app.use(answerFailure((line) => log.push(line)));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/links`, {
    method: 'POST',
  });
  expect({ status: answer.status, retryAfter: answer.headers.get('retry-after') }).toEqual({
    status: 503,
    retryAfter: '5',
  });
  expect(log).toEqual([
    'POST /api/links was refused: The primary process did not answer a creation request within 5 seconds.',
  ]);
  server.close();
});
