import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { Route } from '../../../model/profile.ts';
import type { StageEndLine } from '../../../model/second.ts';
import type { ClosedOrder } from '../../engines/stage-order.ts';
import { type Generators, startGenerators } from '../../generators/generators.ts';

let generators: Generators | undefined;
const server = createServer({ keepAliveTimeout: 60_000 }, (_, response) => response.end('ok'));
afterEach(() => {
  generators?.close();
  server.closeAllConnections();
  server.close();
});

const routes: Route[] = [{ name: '/', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }];
const order = (generator: number): ClosedOrder => ({
  kind: 'closed',
  stage: 0,
  generator,
  // The system makes no connection to it, and says so at once, as where there are no more descriptors or ports.
  origin: 'http://255.255.255.255:1',
  routes,
  connections: 1,
  durationS: 60,
  timeoutS: 2,
  insecure: false,
});

test('where no connection can be made the stage ends, with the reason', async () => {
  generators = await startGenerators(1, process.env);
  const ends: StageEndLine[] = [];
  await generators.run([order(0)], (line) => line.kind === 'stage-end' && ends.push(line));
  expect(ends).toMatchObject([{ aborted: { code: 'target-silent' } }]);
  expect(Object.keys(ends[0]?.errors ?? {})).toEqual([expect.stringMatching(/^(ENETUNREACH|EACCES)$/)]);
});

test('a closed generator exits, also one that stands still', async () => {
  generators = await startGenerators(1, process.env);
  const [pid = 0] = generators.pids;
  process.kill(pid, 'SIGSTOP');
  generators.close();
  while (existsSync(`/proc/${pid}`)) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('when one generator dies the others stop sending', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let open = 0;
  let empty = (): void => {};
  const emptied = new Promise<void>((resolve) => {
    empty = resolve;
  });
  server.on('connection', (socket) => {
    open++;
    socket.on('close', () => {
      if (--open === 0) empty();
    });
  });
  generators = await startGenerators(2, process.env);
  const [first] = generators.pids;
  const seen = new Set<number>();
  let killed = false;
  const done = generators.run(
    [order(0), order(1)].map((each) => ({
      ...each,
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    })),
    (line) => {
      seen.add(line.generator);
      if (seen.size < 2 || killed) return;
      killed = true;
      process.kill(first as number, 'SIGKILL');
    },
  );
  await expect(done).rejects.toThrow('generator 0 exited (SIGKILL)');
  await emptied;
  expect(open).toBe(0);
});
