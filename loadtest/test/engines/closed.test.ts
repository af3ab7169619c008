import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { decodeHistogram } from '../../../model/latency/histogram.ts';
import { startServers } from './known-servers.ts';
import { get, runClosed } from './run-closed.ts';
import { endAfter, median, steady } from './steady.ts';

const servers = startServers();
afterEach(servers.close);

/** Longer than any stage here: they end by what their servers have seen. */
const durationS = 600;

describe('closed engine against servers of known latency', () => {
  test(
    'a server that takes 50 ms shows that as p50, and connections / latency of throughput',
    steady(async () => {
      // From request to request of a connection, as the server sees it: all of that is latency.
      const cyclesMs: number[] = [];
      const lastAt = new Map<Socket, number>();
      const end = endAfter(160);
      const origin = await servers.http(({ socket }, response) => {
        const now = performance.now();
        const last = lastAt.get(socket);
        if (last !== undefined) cyclesMs.push(now - last);
        lastAt.set(socket, now);
        setTimeout(() => response.end('ok'), 50);
        end.seen();
      });
      const { stage } = await runClosed(origin, { connections: 4, durationS }, end.signal);
      expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(49_500);
      expect(stage.latencyUs?.p50).toBeLessThan(1200 * median(cyclesMs));
      // Little's law, which holds on a busy machine too.
      const inFlight = (stage.throughputPerS * (stage.latencyUs?.mean ?? 0)) / 1e6;
      expect(inFlight).toBeGreaterThan(3.6);
      expect(inFlight).toBeLessThan(4.2);
      expect(stage.requests.open).toBeLessThanOrEqual(4);
    }),
  );

  test(
    'what the server counted is what was sent',
    steady(async () => {
      let seen = 0;
      const end = endAfter(500);
      const origin = await servers.http((_, response) => {
        seen++;
        response.end('ok');
        end.seen();
      });
      const { stage } = await runClosed(origin, { connections: 3, durationS }, end.signal);
      // Requests that were written after the last second was cut reach the server too: at most one per connection and 50 ms sample.
      expect(seen).toBeGreaterThanOrEqual(stage.requests.sent - 3);
      expect(stage.outcomes.ok).toBeGreaterThan(100);
    }),
  );

  test(
    'one line per second of its own length, and latency in each',
    steady(async () => {
      const origin = await servers.http((_, response) => response.end('ok'));
      // A second that was waited for too long is told as that, and the next one is shorter.
      const { lines, stage } = await runClosed(origin, { durationS: 2 });
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        expect(line.durationS).toBeGreaterThan(0.9);
        expect(line.durationS).toBeLessThan(1.3);
      }
      expect(decodeHistogram(lines[0]?.latencyUs as string).totalCount).toBe(lines[0]?.outcomes.ok);
      // The age of a request that the end finds open counts where no answer took as long.
      const counted = Number(stage.latencyUs?.count) - stage.outcomes.ok;
      expect(counted).toBeGreaterThanOrEqual(0);
      expect(counted).toBeLessThanOrEqual(stage.requests.open);
    }),
  );

  test(
    '302 is a success where it is expected, and 404; a 500 is not, and does not flatter the latency',
    steady(async () => {
      const end = endAfter(160);
      const origin = await servers.http((request, response) => {
        end.seen();
        if (request.url === '/broken') {
          response.writeHead(500).end();
          return;
        }
        setTimeout(
          () => response.writeHead(request.url === '/go' ? 302 : 404, { location: 'http://example.invalid/' }).end(),
          20,
        );
      });
      const routes = [
        get('/go', [302], 2, 'redirect'),
        get('/none', [404], 1, 'miss'),
        get('/broken', [200], 1, 'broken'),
      ];
      const { stage } = await runClosed(origin, { routes, connections: 4, durationS }, end.signal);
      const { redirect, miss, broken } = stage.routes;
      expect(redirect?.failed).toBe(0);
      expect(redirect?.ok).toBeGreaterThan(10);
      expect(Math.abs((redirect?.ok ?? 0) - 2 * (miss?.ok ?? 0))).toBeLessThanOrEqual(8);
      expect(broken?.ok).toBe(0);
      expect(stage.outcomes.unexpectedStatus).toBe(broken?.failed);
      expect(stage.statusCounts[500]).toBe(broken?.failed);
      expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(19_500);
      expect(stage.failedLatencyUs?.p50).toBeLessThan(stage.latencyUs?.p50 as number);
      expect(broken).not.toHaveProperty('latencyUs');
    }),
  );

  test(
    'an answer that says Connection: close is counted, and the next request goes out on a new connection',
    steady(async () => {
      let seen = 0;
      const end = endAfter(500);
      const server = createServer({ keepAliveTimeout: 60_000 }, (_, response) => {
        seen++;
        end.seen();
        response.writeHead(302, { location: '/', 'content-length': 0 }).end();
      });
      server.maxRequestsPerSocket = 20;
      const routes = [get('/', [302])];
      const { stage } = await runClosed(
        await servers.listen(server),
        { routes, connections: 4, durationS },
        end.signal,
      );
      expect(stage.errors).toEqual({});
      expect(stage.outcomes).toMatchObject({ unexpectedStatus: 0, timeout: 0, connectionError: 0 });
      expect(stage.outcomes.ok).toBeGreaterThan(100);
      expect(seen).toBeGreaterThanOrEqual(stage.outcomes.ok);
    }),
  );

  const ok = 'HTTP/1.1 200 OK\r\n';
  test.each<[string, (socket: Socket, number: number) => void]>([
    ['Connection: close', (socket) => socket.end(`${ok}Connection: close\r\ncontent-length: 2\r\n\r\nok`)],
    [
      'chunks and Connection: close',
      (socket) => socket.end(`${ok}connection: close\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
    ],
    ['HTTP/1.0 with a length', (socket) => socket.end('HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok')],
    ['a body until the end of the connection', (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nok')],
    [
      'no word of it',
      (socket, number) => socket[number % 10 === 9 ? 'end' : 'write'](`${ok}content-length: 2\r\n\r\nok`),
    ],
    [
      'a reset between two requests',
      (socket, number) =>
        number % 10 === 9 ? socket.resetAndDestroy() : socket.write(`${ok}content-length: 2\r\n\r\nok`),
    ],
  ])(
    'a server that ends connections after its answers makes no error: %s',
    steady(async (_, answer) => {
      // An end that this process sees 100 ms late is an error of the target.
      const end = endAfter(300);
      const origin = await servers.tcp((socket, _chunk, number) => {
        answer(socket, number);
        end.seen();
      });
      const { stage } = await runClosed(origin, { durationS }, end.signal);
      expect(stage.errors).toEqual({});
      expect(stage.outcomes).toMatchObject({ unexpectedStatus: 0, timeout: 0, connectionError: 0 });
      expect(stage.outcomes.ok).toBeGreaterThan(100);
      expect(stage.keepAlive?.opened).toBeGreaterThan(stage.outcomes.ok / 20);
      expect(stage.keepAlive?.connectUs?.p50).toBeGreaterThan(0);
    }),
  );

  test(
    'bytes are those of whole messages, as the server counts them',
    steady(async () => {
      const [request, answer] = [
        { bytes: 0, count: 0 },
        `${ok}x-y: 1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
      ];
      const end = endAfter(200);
      const origin = await servers.tcp((socket, chunk) => {
        request.bytes = Buffer.byteLength(chunk);
        request.count++;
        end.seen();
        socket.write(answer);
      });
      const routes = [{ ...get('/', [200]), method: 'POST' as const, headers: { 'X-A': '1' }, body: 'ü' }];
      const { stage } = await runClosed(origin, { routes, durationS }, end.signal);
      expect(request.count).toBeGreaterThanOrEqual(stage.requests.sent - 2);
      expect(stage.bytes).toEqual({
        sent: request.bytes * stage.requests.sent,
        received: answer.length * stage.requests.completed,
      });
    }),
  );

  test(
    'a reset is a connection error; answers after it are timed right',
    steady(async () => {
      const heldMs: number[] = [];
      const end = endAfter(100);
      const origin = await servers.tcp((socket, _, number) => {
        const readAt = performance.now();
        end.seen();
        if (number % 10 === 9) socket.resetAndDestroy();
        else
          setTimeout(() => {
            if (!socket.writable) return;
            socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
            heldMs.push(performance.now() - readAt);
          }, 20);
      });
      // A GET would be sent again.
      const routes = [{ ...get('/', [200]), method: 'POST' as const }];
      const { stage } = await runClosed(origin, { routes, durationS }, end.signal);
      expect(stage.outcomes.connectionError).toBeGreaterThan(3);
      expect(stage.errors.ECONNRESET).toBe(stage.outcomes.connectionError);
      // Paired with the request before, an answer would take twice as long as the server held it.
      expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(19_500);
      expect(stage.latencyUs?.p50).toBeLessThan(1900 * median(heldMs));
    }),
  );

  test(
    'a worker that dies of a request is an error; one that had closed its connection before is not',
    steady(async () => {
      const diesAfter = async (ms: number, requests: number) => {
        const end = endAfter(requests);
        const origin = await servers.tcp((socket, _, number) => {
          end.seen();
          if (number % 2 === 0) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
          else if (ms === 0) socket.end();
          else setTimeout(() => socket.end(), ms);
        });
        return (await runClosed(origin, { connections: 1, durationS }, end.signal)).stage;
      };
      const died = await diesAfter(600, 6);
      expect(died.outcomes.connectionError).toBeGreaterThan(1);
      expect(died.errors).toEqual({ CLOSED: died.outcomes.connectionError });
      expect(died.requests).not.toHaveProperty('repeated');
      const closed = await diesAfter(0, 40);
      expect(closed.errors).toEqual({});
      expect(closed.requests.repeated).toBeGreaterThan(10);
    }),
  );

  test(
    'an answer that breaks off in its body does not swallow those after it',
    steady(async () => {
      const end = endAfter(60);
      const origin = await servers.tcp((socket, _, number) => {
        end.seen();
        if (number === 3) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
        else setTimeout(() => socket.writable && socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 10);
      });
      const { stage } = await runClosed(origin, { durationS }, end.signal);
      expect(stage.outcomes.connectionError).toBe(1);
      expect(stage.outcomes.ok).toBeGreaterThan(50);
    }),
  );
});
