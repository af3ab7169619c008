// How requests and stages can end. Nothing here depends on time to the millisecond: most tests run beside each other; those that count answers wait for them.
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Route } from '../../../model/profile.ts';
import { refusing, startServers } from './known-servers.ts';
import { get, runClosed } from './run-closed.ts';

const servers = startServers();
afterAll(servers.close);

describe('closed engine', () => {
  test('methods, headers and bodies arrive as the route says', async () => {
    const seen = new Set<string>();
    const origin = await servers.http((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.add(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
        response.writeHead(201).end();
      });
    });
    const route: Route = {
      name: 'create',
      method: 'POST',
      path: '/your-url',
      weight: 1,
      headers: { 'content-type': 'text/plain' },
      body: 'ü=1',
      expect: [201],
    };
    const { stage } = await runClosed(origin, { routes: [route] });
    expect([...seen]).toEqual(['POST /your-url text/plain ü=1']);
    expect(stage.outcomes.ok).toBeGreaterThan(0);
  });

  test('no answer within the time-out: an outcome, with its age among the latencies', async () => {
    const origin = await servers.http((request, response) => {
      if (request.url === '/') response.end('ok');
    });
    const routes = [get('/', [200], 200, 'good'), get('/hang', [200], 1, 'hang')];
    const { stage } = await runClosed(origin, { routes, durationS: 5, connections: 2 });
    expect(stage.outcomes.timeout).toBeGreaterThanOrEqual(2);
    expect(stage.routes.hang?.ok).toBe(0);
    expect(stage.latencyUs?.max).toBeGreaterThanOrEqual(1_990_000);
    expect(stage.latencyUs?.count).toBeGreaterThanOrEqual(stage.outcomes.ok + stage.outcomes.timeout);
  });

  test('a request that hangs at the end is open, and shows at its age', async () => {
    const origin = await servers.http((request, response) => {
      if (request.url === '/') response.end('ok');
    });
    const routes = [get('/', [200], 20, 'good'), get('/hang', [200], 1, 'hang')];
    const { stage } = await runClosed(origin, { routes, connections: 2, timeoutS: 10 });
    expect(stage.requests.open).toBe(2);
    expect(stage.latencyUs?.max).toBeGreaterThan(800_000);
  });

  test.concurrent('a target that is gone ends the stage early, with no latency at all', async () => {
    const { stage } = await runClosed(refusing, { durationS: 30 });
    expect(stage.aborted).toMatchObject({ code: 'target-silent' });
    expect(stage.durationS).toBeLessThan(6);
    expect(stage).not.toHaveProperty('latencyUs');
    expect(stage.outcomes.ok).toBe(0);
    expect(stage.errors.ECONNREFUSED).toBe(stage.outcomes.connectionError);
  });

  test('a slow target with one reset is alive while its answer is under way', async () => {
    const origin = await servers.tcp((socket, _, number) => {
      if (number === 1) socket.resetAndDestroy();
      else setTimeout(() => socket.writable && socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 2300);
    });
    const { stage } = await runClosed(origin, { durationS: 4, timeoutS: 5 });
    expect(stage.aborted).toBeUndefined();
    expect(stage.errors).toEqual({ ECONNRESET: 1 });
    expect(stage.outcomes.ok).toBe(2);
  });

  test.concurrent('a target that accepts and never answers ends the stage one second after the time-out', async () => {
    const origin = await servers.tcp(() => {});
    const { stage } = await runClosed(origin, { durationS: 30 });
    expect(stage.aborted).toMatchObject({ code: 'target-silent' });
    expect(stage.durationS).toBeLessThan(6);
    expect(stage.outcomes.ok).toBe(0);
  });

  test.concurrent('informational answers end the stage, since autocannon cannot count them', async () => {
    const origin = await servers.tcp((socket) =>
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    );
    const { stage } = await runClosed(origin, { durationS: 30 });
    expect(stage.aborted).toMatchObject({ code: 'informational-answer', status: 103 });
  });

  test('stops when it is aborted, with what it has', async () => {
    const origin = await servers.http((_, response) => response.end('ok'));
    const controller = new AbortController();
    const running = runClosed(origin, { durationS: 30 }, controller.signal);
    setTimeout(() => controller.abort({ code: 'interrupted' }), 500);
    const { stage } = await running;
    expect(stage.aborted).toEqual({ code: 'interrupted' });
    expect(stage.durationS).toBeLessThan(3);
    expect(stage.outcomes.ok).toBeGreaterThan(0);
  });
});
