import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { decodeHistogram } from '../../../model/histogram.ts';
import type { Route } from '../../../model/profile.ts';
import type { StageRecord } from '../../../model/run-record.ts';
import type { LoadLine, StageEndLine } from '../../../model/second.ts';
import { stageFromLines } from '../../../model/stage-result.ts';
import { runClosedStage } from '../../engines/closed.ts';
import type { ClosedOrder } from '../../engines/stage-order.ts';

const servers: (Server | TcpServer)[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server | TcpServer): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = (listener: RequestListener): Promise<string> =>
  listen(createServer({ keepAliveTimeout: 60_000 }, listener));

/** A server that gets each chunk that arrives, with its socket; sockets are destroyed at the end. */
function tcp(onChunk: (socket: Socket, chunk: string, number: number) => void): Promise<string> {
  let number = 0;
  const server = createTcpServer((socket) => {
    socket.on('error', () => {}); // The client's way of hanging up is not what is tested.
    socket.on('data', (chunk) => onChunk(socket, chunk.toString(), number++));
    sockets.push(socket);
  });
  return listen(server);
}

const get = (path: string, expected: number[], weight = 1, name = path): Route => ({
  name,
  method: 'GET',
  path,
  weight,
  headers: {},
  expect: expected,
});

async function run(
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

describe('runClosedStage', () => {
  test('a server that takes 50 ms shows p50 of 50 to 60 ms, and connections / latency of throughput', async () => {
    const origin = await http((_, response) => setTimeout(() => response.end('ok'), 50));
    const { stage } = await run(origin, { connections: 4, durationS: 2 });
    expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(49_500);
    expect(stage.latencyUs?.p50).toBeLessThan(60_000);
    expect(stage.throughputPerS).toBeGreaterThan(4 / 0.06);
    expect(stage.throughputPerS).toBeLessThan(4 / 0.0495);
    expect(stage.requests.open).toBeLessThanOrEqual(4);
  });

  test('what the server counted is what was sent', async () => {
    let seen = 0;
    const origin = await http((_, response) => {
      seen++;
      response.end('ok');
    });
    const { stage } = await run(origin, { connections: 3 });
    // Requests that were written after the last second was cut reach the server too: at most one per connection and 50 ms sample.
    expect(seen).toBeGreaterThanOrEqual(stage.requests.sent - 3);
    expect(stage.outcomes.ok).toBeGreaterThan(100);
  });

  test('one line per second of its own length, and latency in each', async () => {
    const origin = await http((_, response) => response.end('ok'));
    const { lines, stage } = await run(origin, { durationS: 2 });
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.durationS).toBeGreaterThan(0.9);
      expect(line.durationS).toBeLessThan(1.3);
      expect(decodeHistogram(line.latencyUs as string).totalCount).toBe(line.outcomes.ok);
    }
    expect(stage.latencyUs?.count).toBe(stage.outcomes.ok);
  });

  test('302 is a success where it is expected, and 404; a 500 is not, and does not flatter the latency', async () => {
    const origin = await http((request, response) => {
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
    const { stage } = await run(origin, { routes, connections: 4 });
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

  test('methods, headers and bodies arrive as the route says', async () => {
    const seen = new Set<string>();
    const origin = await http((request, response) => {
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
    const { stage } = await run(origin, { routes: [route] });
    expect([...seen]).toEqual(['POST /your-url text/plain ü=1']);
    expect(stage.outcomes.ok).toBeGreaterThan(0);
  });

  test('an answer that says Connection: close is counted, and the next request goes out on a new connection', async () => {
    let seen = 0;
    const server = createServer({ keepAliveTimeout: 60_000 }, (_, response) => {
      seen++;
      response.writeHead(302, { location: '/', 'content-length': 0 }).end();
    });
    server.maxRequestsPerSocket = 20;
    const { stage } = await run(await listen(server), { routes: [get('/', [302])], connections: 4 });
    expect(stage.errors).toEqual({});
    expect(stage.outcomes).toMatchObject({ unexpectedStatus: 0, timeout: 0, connectionError: 0 });
    expect(stage.outcomes.ok).toBeGreaterThan(100);
    expect(seen).toBeGreaterThanOrEqual(stage.outcomes.ok);
  });

  test('a reset is a connection error; answers after it are timed right', async () => {
    const origin = await tcp((socket, _, number) => {
      if (number % 10 === 9) socket.resetAndDestroy();
      else setTimeout(() => socket.writable && socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 20);
    });
    const { stage } = await run(origin, { durationS: 2 });
    expect(stage.outcomes.connectionError).toBeGreaterThan(3);
    expect(stage.errors.ECONNRESET).toBe(stage.outcomes.connectionError);
    expect(stage.latencyUs?.p99).toBeLessThan(38_000);
  });

  test('an answer that breaks off in its body does not swallow those after it', async () => {
    const origin = await tcp((socket, _, number) => {
      if (number === 3) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
      else setTimeout(() => socket.writable && socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 10);
    });
    const { stage } = await run(origin);
    expect(stage.outcomes.connectionError).toBe(1);
    expect(stage.outcomes.ok).toBeGreaterThan(50);
  });

  test('no answer within the time-out: an outcome, with its age among the latencies', async () => {
    const origin = await http((request, response) => {
      if (request.url === '/') response.end('ok');
    });
    const routes = [get('/', [200], 200, 'good'), get('/hang', [200], 1, 'hang')];
    const { stage } = await run(origin, { routes, durationS: 5, connections: 2 });
    expect(stage.outcomes.timeout).toBeGreaterThanOrEqual(2);
    expect(stage.routes.hang?.ok).toBe(0);
    expect(stage.latencyUs?.max).toBeGreaterThanOrEqual(1_990_000);
    expect(stage.latencyUs?.count).toBeGreaterThanOrEqual(stage.outcomes.ok + stage.outcomes.timeout);
  });

  test('a request that hangs at the end is open, and shows at its age', async () => {
    const origin = await http((request, response) => {
      if (request.url === '/') response.end('ok');
    });
    const routes = [get('/', [200], 20, 'good'), get('/hang', [200], 1, 'hang')];
    const { stage } = await run(origin, { routes, connections: 2, timeoutS: 10 });
    expect(stage.requests.open).toBe(2);
    expect(stage.latencyUs?.max).toBeGreaterThan(800_000);
  });

  test('a target that is gone ends the stage early, with no latency at all', async () => {
    const server = createServer();
    const origin = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { stage } = await run(origin, { durationS: 30 });
    expect(stage.aborted).toMatch(/the target is dead: no answer for [23] s/);
    expect(stage.durationS).toBeLessThan(6);
    expect(stage).not.toHaveProperty('latencyUs');
    expect(stage.outcomes.ok).toBe(0);
    expect(stage.errors.ECONNREFUSED).toBe(stage.outcomes.connectionError);
  });

  test('a slow target with one reset is alive while its answer is under way', async () => {
    const origin = await tcp((socket, _, number) => {
      if (number === 1) socket.resetAndDestroy();
      else setTimeout(() => socket.writable && socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 2300);
    });
    const { stage } = await run(origin, { durationS: 3, timeoutS: 5 });
    expect(stage.aborted).toBeUndefined();
    expect(stage.errors).toEqual({ ECONNRESET: 1 });
    expect(stage.outcomes.ok).toBe(2);
  });

  test('a target that accepts and never answers ends the stage one second after the time-out', async () => {
    const origin = await tcp(() => {});
    const { stage } = await run(origin, { durationS: 30 });
    expect(stage.aborted).toMatch(/the target is dead/);
    expect(stage.durationS).toBeLessThan(6);
    expect(stage.outcomes.ok).toBe(0);
  });

  test('informational answers cannot be counted here, and that is said', async () => {
    const origin = await tcp((socket) =>
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    );
    const { stage } = await run(origin, { durationS: 30 });
    expect(stage.aborted).toMatch(/informational answers \(103\)/);
  });

  test('stops when it is told to, with what it has', async () => {
    const origin = await http((_, response) => response.end('ok'));
    const controller = new AbortController();
    const running = run(origin, { durationS: 30 }, controller.signal);
    setTimeout(() => controller.abort('the user stopped it'), 500);
    const { stage } = await running;
    expect(stage.aborted).toBe('the user stopped it');
    expect(stage.durationS).toBeLessThan(3);
    expect(stage.outcomes.ok).toBeGreaterThan(0);
  });
});
