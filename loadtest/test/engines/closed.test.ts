import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { decodeHistogram } from '../../../model/latency/histogram.ts';
import { startServers } from './known-servers.ts';
import { get, runClosed } from './run-closed.ts';

const servers = startServers();
afterEach(servers.close);

describe('closed engine against servers of known latency', () => {
  test('a server that takes 50 ms shows p50 of 50 to 60 ms, and connections / latency of throughput', async () => {
    const origin = await servers.http((_, response) => setTimeout(() => response.end('ok'), 50));
    const { stage } = await runClosed(origin, { connections: 4, durationS: 2 });
    expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(49_500);
    expect(stage.latencyUs?.p50).toBeLessThan(60_000);
    // Little's law, which holds on a busy machine too.
    const inFlight = (stage.throughputPerS * (stage.latencyUs?.mean ?? 0)) / 1e6;
    expect(inFlight).toBeGreaterThan(3.6);
    expect(inFlight).toBeLessThan(4.2);
    expect(stage.requests.open).toBeLessThanOrEqual(4);
  });

  test('what the server counted is what was sent', async () => {
    let seen = 0;
    const origin = await servers.http((_, response) => {
      seen++;
      response.end('ok');
    });
    const { stage } = await runClosed(origin, { connections: 3 });
    // Requests that were written after the last second was cut reach the server too: at most one per connection and 50 ms sample.
    expect(seen).toBeGreaterThanOrEqual(stage.requests.sent - 3);
    expect(stage.outcomes.ok).toBeGreaterThan(100);
  });

  test('one line per second of its own length, and latency in each', async () => {
    const origin = await servers.http((_, response) => response.end('ok'));
    const { lines, stage } = await runClosed(origin, { durationS: 2 });
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.durationS).toBeGreaterThan(0.9);
      expect(line.durationS).toBeLessThan(1.3);
      expect(decodeHistogram(line.latencyUs as string).totalCount).toBe(line.outcomes.ok);
    }
    expect(stage.latencyUs?.count).toBe(stage.outcomes.ok);
  });

  test('302 is a success where it is expected, and 404; a 500 is not, and does not flatter the latency', async () => {
    const origin = await servers.http((request, response) => {
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
    const { stage } = await runClosed(origin, { routes, connections: 4 });
    const { redirect, miss, broken } = stage.routes;
    expect(redirect?.failed).toBe(0);
    expect(redirect?.ok).toBeGreaterThan(10);
    expect(Math.abs((redirect?.ok ?? 0) - 2 * (miss?.ok ?? 0))).toBeLessThanOrEqual(8);
    expect(broken?.ok).toBe(0);
    expect(stage.outcomes.unexpectedStatus).toBe(broken?.failed);
    expect(stage.statusCounts[500]).toBe(broken?.failed);
    expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(19_500);
    expect(stage.failedLatencyUs?.p50).toBeLessThan(15_000);
    expect(broken).not.toHaveProperty('latencyUs');
  });

  test('an answer that says Connection: close is counted, and the next request goes out on a new connection', async () => {
    let seen = 0;
    const server = createServer({ keepAliveTimeout: 60_000 }, (_, response) => {
      seen++;
      response.writeHead(302, { location: '/', 'content-length': 0 }).end();
    });
    server.maxRequestsPerSocket = 20;
    const { stage } = await runClosed(await servers.listen(server), { routes: [get('/', [302])], connections: 4 });
    expect(stage.errors).toEqual({});
    expect(stage.outcomes).toMatchObject({ unexpectedStatus: 0, timeout: 0, connectionError: 0 });
    expect(stage.outcomes.ok).toBeGreaterThan(100);
    expect(seen).toBeGreaterThanOrEqual(stage.outcomes.ok);
  });

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
  ])('a server that ends connections after its answers makes no error: %s', async (_, answer) => {
    const { stage } = await runClosed(await servers.tcp((socket, _chunk, number) => answer(socket, number)));
    expect(stage.errors).toEqual({});
    expect(stage.outcomes).toMatchObject({ unexpectedStatus: 0, timeout: 0, connectionError: 0 });
    expect(stage.outcomes.ok).toBeGreaterThan(100);
    expect(stage.keepAlive?.opened).toBeGreaterThan(stage.outcomes.ok / 20);
    expect(stage.keepAlive?.connectUs?.p50).toBeGreaterThan(0);
  });

  test('bytes are those of whole messages, as the server counts them', async () => {
    const [request, answer] = [
      { bytes: 0, count: 0 },
      `${ok}x-y: 1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    ];
    const origin = await servers.tcp((socket, chunk) => {
      request.bytes = Buffer.byteLength(chunk);
      request.count++;
      socket.write(answer);
    });
    const routes = [{ ...get('/', [200]), method: 'POST' as const, headers: { 'X-A': '1' }, body: 'ü' }];
    const { stage } = await runClosed(origin, { routes });
    expect(request.count).toBeGreaterThanOrEqual(stage.requests.sent - 2);
    expect(stage.bytes).toEqual({
      sent: request.bytes * stage.requests.sent,
      received: answer.length * stage.requests.completed,
    });
  });

  test('a reset is a connection error; answers after it are timed right', async () => {
    let slowestMs = 0;
    const origin = await servers.tcp((socket, _, number) => {
      const readAt = performance.now();
      if (number % 10 === 9) socket.resetAndDestroy();
      else
        setTimeout(() => {
          if (!socket.writable) return;
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
          slowestMs = Math.max(slowestMs, performance.now() - readAt);
        }, 20);
    });
    // A GET would be sent again.
    const routes = [{ ...get('/', [200]), method: 'POST' as const }];
    const { stage } = await runClosed(origin, { routes, durationS: 2 });
    expect(stage.outcomes.connectionError).toBeGreaterThan(3);
    expect(stage.errors.ECONNRESET).toBe(stage.outcomes.connectionError);
    // Paired with the request before, an answer would take 40 ms. Engine and server share a thread, which stands still for both at once.
    expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(19_500);
    expect(stage.latencyUs?.p50).toBeLessThan(38_000);
    expect(stage.latencyUs?.max).toBeLessThan(2 * slowestMs * 1000);
  });

  test('a worker that dies of a request is an error; one that had closed its connection before is not', async () => {
    const diesAfter = async (ms: number) => {
      const origin = await servers.tcp((socket, _, number) => {
        if (number % 2 === 0) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        else if (ms === 0) socket.end();
        else setTimeout(() => socket.end(), ms);
      });
      return (await runClosed(origin, { connections: 1, durationS: 3 })).stage;
    };
    const died = await diesAfter(600);
    expect(died.outcomes.connectionError).toBeGreaterThan(1);
    expect(died.errors).toEqual({ CLOSED: died.outcomes.connectionError });
    expect(died.requests).not.toHaveProperty('repeated');
    const closed = await diesAfter(0);
    expect(closed.errors).toEqual({});
    expect(closed.requests.repeated).toBeGreaterThan(10);
  });

  test('an answer that breaks off in its body does not swallow those after it', async () => {
    const origin = await servers.tcp((socket, _, number) => {
      if (number === 3) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
      else setTimeout(() => socket.writable && socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 10);
    });
    const { stage } = await runClosed(origin);
    expect(stage.outcomes.connectionError).toBe(1);
    expect(stage.outcomes.ok).toBeGreaterThan(50);
  });
});
