// How requests and stages can end. Nothing here depends on time to the millisecond: most tests run beside each other; those that count answers wait for them.
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Route } from '../../../model/profile.ts';
import { refusing, startServers } from './known-servers.ts';
import { get, runClosed } from './run-closed.ts';
import { endAfter, steady } from './steady.ts';

const servers = startServers();
afterAll(servers.close);

describe('closed engine', () => {
  test(
    'methods, headers and bodies arrive as the route says',
    steady(async () => {
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
    }),
  );

  test(
    'no answer within the time-out: an outcome, with its age among the latencies',
    steady(async () => {
      const origin = await servers.http((request, response) => {
        if (request.url === '/') response.end('ok');
      });
      const routes = [get('/', [200], 20, 'good'), get('/hang', [200], 1, 'hang')];
      const { stage } = await runClosed(origin, { routes, durationS: 5, connections: 2 });
      expect(stage.outcomes.timeout).toBeGreaterThanOrEqual(2);
      expect(stage.routes.hang?.ok).toBe(0);
      expect(stage.latencyUs?.max).toBeGreaterThanOrEqual(1_990_000);
      expect(stage.latencyUs?.count).toBeGreaterThanOrEqual(stage.outcomes.ok + stage.outcomes.timeout);
    }),
  );

  test(
    'a request that hangs at the end is open, and shows at its age',
    steady(async () => {
      const end = new AbortController();
      let hanging = 0;
      const origin = await servers.http((request, response) => {
        if (request.url === '/') response.end('ok');
        else if (++hanging === 2) setTimeout(() => end.abort({ code: 'interrupted' }), 900);
      });
      const routes = [get('/', [200], 20, 'good'), get('/hang', [200], 1, 'hang')];
      const { stage } = await runClosed(origin, { routes, connections: 2, durationS: 600, timeoutS: 60 }, end.signal);
      expect(stage.requests.open).toBe(2);
      expect(stage.latencyUs?.max).toBeGreaterThan(800_000);
    }),
  );

  test.concurrent(
    'a target that is gone ends the stage early, with no latency at all',
    steady(async () => {
      const { stage } = await runClosed(refusing, { durationS: 30 });
      expect(stage.aborted).toMatchObject({ code: 'target-silent' });
      expect(stage).not.toHaveProperty('latencyUs');
      expect(stage.outcomes.ok).toBe(0);
      expect(stage.errors.ECONNREFUSED).toBe(stage.outcomes.connectionError);
    }),
  );

  test(
    'a slow target with one reset is alive while its answer is under way',
    steady(async () => {
      const end = endAfter(5);
      const origin = await servers.tcp((socket, _, number) => {
        end.seen();
        if (number === 1) socket.resetAndDestroy();
        else setTimeout(() => socket.writable && socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 2300);
      });
      const { stage } = await runClosed(origin, { durationS: 600, timeoutS: 60 }, end.signal);
      expect(stage.aborted).toEqual({ code: 'interrupted' });
      expect(stage.errors).toEqual({ ECONNRESET: 1 });
      expect(stage.outcomes.ok).toBe(2);
    }),
  );

  test.concurrent(
    'a target that accepts and never answers ends the stage one second after the time-out',
    steady(async () => {
      const origin = await servers.tcp(() => {});
      const { stage } = await runClosed(origin, { durationS: 30 });
      expect(stage.aborted).toMatchObject({ code: 'target-silent' });
      // A second after the time-out of 2 s, less what the first connection took.
      expect(stage.durationS).toBeGreaterThanOrEqual(2.9);
      expect(stage.outcomes.ok).toBe(0);
    }),
  );

  test.concurrent(
    'informational answers end the stage, since autocannon cannot count them',
    steady(async () => {
      const origin = await servers.tcp((socket) =>
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
      );
      const { stage } = await runClosed(origin, { durationS: 30 });
      expect(stage.aborted).toMatchObject({ code: 'informational-answer', status: 103 });
    }),
  );

  test(
    'stops when it is aborted, with what it has',
    steady(async () => {
      const end = endAfter(50);
      const origin = await servers.http((_, response) => {
        response.end('ok');
        end.seen();
      });
      const { stage } = await runClosed(origin, { durationS: 600 }, end.signal);
      expect(stage.aborted).toEqual({ code: 'interrupted' });
      expect(stage.durationS).toBeLessThan(300);
      expect(stage.outcomes.ok).toBeGreaterThan(0);
    }),
  );
});
