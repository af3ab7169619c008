import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Route } from '../../../model/profile.ts';
import type { StageRecord } from '../../../model/run-record.ts';
import type { LoadLine, StageEndLine } from '../../../model/second.ts';
import { lineSchema } from '../../../model/second.ts';
import { stageFromLines } from '../../../model/stage-result.ts';
import { runOpenStage } from '../../engines/open.ts';
import type { OpenOrder } from '../../engines/stage-order.ts';

const servers: (Server | TcpServer)[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server | TcpServer, host = '127.0.0.1', scheme = 'http'): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const http = (listener: RequestListener): Promise<string> => listen(createServer(listener));

/** A server that gets each chunk that arrives, with its socket; sockets are destroyed at the end. */
function tcp(onChunk: (socket: Socket, chunk: string) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {}); // The client's way of hanging up is not what is tested.
    socket.on('data', (chunk) => onChunk(socket, chunk.toString()));
    sockets.push(socket);
  });
  return listen(server);
}

const route = (part: Partial<Route> = {}): Route => ({
  name: 'go',
  method: 'GET',
  path: '/go',
  weight: 1,
  headers: {},
  expect: [200],
  ...part,
});

/** Runs a stage of 50/s over one second, unless told otherwise, and checks what must hold for every stage. */
async function run(
  origin: string,
  changes: Partial<OpenOrder> = {},
  signal = new AbortController().signal,
): Promise<{ stage: StageRecord; lines: LoadLine[] }> {
  const order: OpenOrder = {
    kind: 'open',
    stage: 0,
    generator: 0,
    generators: 1,
    origin,
    routes: [route()],
    startAt: Date.now() + 60,
    durationS: 1,
    arrivalRatePerS: { from: 50, to: 50 },
    arrivals: 'constant',
    seed: 1,
    maxConnections: 100,
    timeoutS: 5,
    insecure: false,
    ...changes,
  };
  const lines: LoadLine[] = [];
  const ends: StageEndLine[] = [];
  await runOpenStage(
    order,
    (line) => {
      expect(lineSchema.parse(line)).toEqual(line);
      if (line.kind === 'load') lines.push(line);
      else ends.push(line);
    },
    signal,
  );
  expect(ends).toHaveLength(1);
  const startedAt = new Date().toISOString();
  const stage = stageFromLines(
    { kind: 'stage', stage: 0, name: 'open', stageKind: 'open', role: 'measured', startedAt },
    lines,
    ends,
  );
  const { intended, sent, dropped, completed, open } = stage.requests;
  expect(intended).toBe(sent + dropped);
  expect(sent).toBe(completed + stage.outcomes.timeout + stage.outcomes.connectionError + open);
  expect(stage.scheduleLagUs?.count ?? 0).toBe(sent);
  return { stage, lines };
}

const later = (ms: number, then: () => void): void => void setTimeout(then, ms);

describe('open engine against servers of known behaviour', () => {
  test('sends what is due, warms connections first, and measures the latency that the server has', async () => {
    const startAt = Date.now() + 150;
    let connectedBefore = 0;
    const server = createServer((_, response) => later(20, () => response.end('x')));
    server.on('connection', () => {
      if (Date.now() < startAt) connectedBefore++;
    });
    const { stage, lines } = await run(await listen(server), { startAt });
    expect(stage.requests).toEqual({ intended: 50, sent: 50, completed: 50, dropped: 0, open: 0 });
    expect(stage.outcomes.ok).toBe(50);
    expect(connectedBefore).toBe(25);
    expect(stage.latencyUs?.p50).toBeGreaterThan(19_000);
    expect(stage.latencyUs?.p50).toBeLessThan(60_000);
    expect(stage.rawLatencyUs?.count).toBe(50);
    expect(stage.rawLatencyUs?.mean).toBeLessThanOrEqual((stage.latencyUs?.mean ?? 0) + 1);
    // Little's law, over a stage with hardly any request beyond its ends.
    expect(stage.inFlightMean).toBeGreaterThan(0.9);
    expect(lines[0]?.durationS).toBeGreaterThanOrEqual(0.9);
  });

  test('counts from the intended start: a stall is seen by all who came while it lasted', async () => {
    const startAt = Date.now() + 60;
    const origin = await http((_, response) => later(Math.max(0, startAt + 500 - Date.now()), () => response.end('x')));
    const { stage } = await run(origin, { startAt, arrivalRatePerS: { from: 100, to: 100 } });
    expect(stage.outcomes.ok).toBe(100);
    expect(stage.latencyUs?.max).toBeGreaterThan(480_000);
    // Half of all arrivals come in the stalled half: the p90 is theirs, 400 ms by arithmetic.
    expect(stage.latencyUs?.p90).toBeGreaterThan(370_000);
    expect(stage.latencyUs?.p90).toBeLessThan(460_000);
  });

  test('what finds no free connection is dropped and never sent later', async () => {
    let inFlight = 0;
    let most = 0;
    let seen = 0;
    const origin = await http((_, response) => {
      seen++;
      most = Math.max(most, ++inFlight);
      later(200, () => {
        inFlight--;
        response.end('x');
      });
    });
    const { stage } = await run(origin, { maxConnections: 2 });
    expect(stage.requests.intended).toBe(50);
    expect(stage.requests.dropped).toBeGreaterThanOrEqual(38);
    expect(seen).toBe(stage.requests.sent);
    expect(most).toBeLessThanOrEqual(2);
  });

  test('what falls due while this process stands still is sent late as far as it may wait, and dropped beyond', async () => {
    const origin = await http((_, response) => response.end('x'));
    const startAt = Date.now() + 60;
    later(260, () => {
      while (Date.now() < startAt + 600);
    });
    const { stage } = await run(origin, { startAt, maxConnections: 10 });
    expect(stage.requests.intended).toBe(50);
    // 10 at 50/s come in 200 ms.
    expect(stage.requests.dropped).toBeGreaterThanOrEqual(5);
    expect(stage.scheduleLagUs?.max).toBeGreaterThan(100_000);
    expect(stage.scheduleLagUs?.max).toBeLessThan(260_000);
    expect(stage.outcomes.ok).toBe(stage.requests.sent);
  });

  test('answers after the end count with their latency, and are no throughput', async () => {
    const origin = await http((_, response) => later(400, () => response.end('x')));
    const { stage, lines } = await run(origin, { durationS: 0.5 });
    expect(stage.requests).toMatchObject({ sent: 25, completed: 25, open: 0 });
    expect(lines.map((line) => line.durationS > 0)).toEqual([true, false]);
    expect(stage.durationS).toBeLessThan(0.6);
    expect(stage.throughputPerS).toBeLessThan(25);
    expect(stage.latencyUs?.count).toBe(25);
    expect(stage.latencyUs?.p50).toBeGreaterThan(395_000);
  });

  test('what is open after the grace period is open, entered at its age when older than every answer', async () => {
    let seen = 0;
    const origin = await tcp((socket) => {
      if (seen++ === 0) kept(socket, whole);
    });
    const { stage } = await run(origin, { timeoutS: 20, arrivalRatePerS: { from: 5, to: 5 } });
    expect(stage.requests).toEqual({ intended: 5, sent: 5, completed: 1, dropped: 0, open: 4 });
    expect(stage.latencyUs?.max).toBeGreaterThan(5_000_000);
    expect(stage.latencyUs?.count).toBe(5);
    expect(stage.rawLatencyUs?.count).toBe(5);
    expect(stage.outcomes.ok).toBe(1);
  });

  test('a time-out is an outcome and a latency at its age', async () => {
    const { stage } = await run(await tcp(() => {}), { timeoutS: 0.3, durationS: 0.5 });
    expect(stage.outcomes).toEqual({ ok: 0, unexpectedStatus: 0, timeout: 25, connectionError: 0 });
    expect(stage.latencyUs?.count).toBe(25);
    expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(299_000);
  });

  test('a connection that does not get established is a time-out too', async () => {
    const origin = (await tcp(() => {})).replace('http:', 'https:');
    const { stage } = await run(origin, { timeoutS: 0.3, durationS: 0.5 });
    expect(stage.outcomes).toMatchObject({ ok: 0, timeout: 25 });
  });

  test('unexpected statuses are apart from expected ones, and redirects are not followed', async () => {
    const seen = new Set<string>();
    const origin = await http((request, response) => {
      seen.add(request.url ?? '');
      response.writeHead(request.url === '/go' ? 302 : 500, { location: '/elsewhere' }).end();
    });
    const routes = [route({ expect: [302] }), route({ name: 'broken', path: '/broken' })];
    const { stage } = await run(origin, { routes });
    expect(seen).toEqual(new Set(['/go', '/broken']));
    expect(stage.statusCounts).toEqual({ 302: 25, 500: 25 });
    expect(stage.outcomes).toMatchObject({ ok: 25, unexpectedStatus: 25 });
    expect(stage.latencyUs?.count).toBe(25);
    expect(stage.failedLatencyUs?.count).toBe(25);
    expect(stage.routes.broken).toMatchObject({ ok: 0, failed: 25 });
  });

  test('sends methods, headers and bodies, and the mix of two generators is that of one', async () => {
    const bodies: string[] = [];
    const origin = await http((request, response) => {
      let body = `${request.method} ${request.headers['x-id'] ?? ''} `;
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        bodies.push(body);
        response.end('x');
      });
    });
    const routes = [
      route({ weight: 3 }),
      route({ name: 'create', method: 'POST', headers: { 'x-id': '7' }, body: 'url=ü' }),
    ];
    await Promise.all([0, 1].map((generator) => run(origin, { routes, generator, generators: 2 })));
    expect(bodies.filter((body) => body === 'POST 7 url=ü')).toHaveLength(12);
    expect(bodies.filter((body) => body === 'GET  ')).toHaveLength(38);
  });

  test('a dead target ends the stage early, and says so', async () => {
    const origin = await tcp(() => {});
    const server = servers.pop() as TcpServer;
    await new Promise((resolve) => server.close(resolve));
    const { stage } = await run(origin, { durationS: 20 });
    expect(stage.aborted).toMatch(/^the target is dead: no answer for [23] s$/);
    expect(stage.errors.ECONNREFUSED).toBe(stage.outcomes.connectionError);
    expect(stage.requests.open).toBe(0);
  });

  test('long pauses between arrivals are not taken for a dead target', async () => {
    const origin = await http((_, response) => response.end('x'));
    const { stage } = await run(origin, { timeoutS: 0.2, durationS: 4, arrivalRatePerS: { from: 0.5, to: 0.5 } });
    expect(stage.aborted).toBeUndefined();
    expect(stage.outcomes.ok).toBe(2);
  });

  test('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const origin = await tcp(() => {});
    later(400, () => stop.abort('interrupted'));
    const { stage } = await run(origin, { durationS: 20 }, stop.signal);
    expect(stage.aborted).toBe('interrupted');
    expect(stage.durationS).toBeLessThan(2);
    expect(stage.requests.open).toBe(stage.requests.sent);
  });

  test('a request that cannot be written ends the stage with the reason', async () => {
    const origin = await http((_, response) => response.end('x'));
    const { stage } = await run(origin, { routes: [route({ headers: { 'transfer-encoding': 'chunked' } })] });
    expect(stage.aborted).toMatch(/invalid transfer-encoding header/);
  });
});

describe('open engine over other transports', () => {
  test('IPv6', async () => {
    const origin = await listen(
      createServer((_, response) => response.end('x')),
      '::1',
    );
    expect((await run(origin)).stage.outcomes.ok).toBe(50);
  });

  test('https: a self-signed certificate is refused, unless it is to be taken', async () => {
    const file = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
    const tls = { key: file('self-signed-key.pem'), cert: file('self-signed-cert.pem') };
    const server = createTlsServer(tls, (_, response) => response.end('x'));
    const origin = await listen(server, '127.0.0.1', 'https');
    const refused = (await run(origin)).stage;
    expect(refused.errors).toEqual({ DEPTH_ZERO_SELF_SIGNED_CERT: 50 });
    expect((await run(origin, { insecure: true })).stage.outcomes.ok).toBe(50);
  });
});

const head = 'HTTP/1.1 200 OK\r\n';
const whole = `${head}Content-Length: 2\r\n\r\nok`;
const ended = (socket: Socket, text: string | Buffer): void => void socket.end(text);
const kept = (socket: Socket, text: string | Buffer): void => void socket.write(text);

describe('open engine against sockets that answer in odd ways, all right', () => {
  test.each<[string, (socket: Socket) => void, Partial<Route>?]>([
    ['chunked', (socket) => kept(socket, `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`)],
    [
      'gzip',
      (socket) => {
        const body = gzipSync('ok');
        kept(socket, `${head}Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`);
        kept(socket, body);
      },
    ],
    [
      'a body that says it is gzip and is not',
      (socket) => kept(socket, whole.replace('\r\n', '\r\nContent-Encoding: gzip\r\n')),
    ],
    ['HTTP/1.0 until the end of the connection', (socket) => ended(socket, 'HTTP/1.0 200 OK\r\n\r\nok')],
    ['Connection: close', (socket) => ended(socket, `${head}Connection: close\r\nContent-Length: 2\r\n\r\nok`)],
    ['204', (socket) => kept(socket, 'HTTP/1.1 204 No Content\r\n\r\n'), { expect: [204] }],
    ['304', (socket) => kept(socket, 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n'), { expect: [304] }],
    ['HEAD', (socket) => kept(socket, `${head}Content-Length: 2\r\n\r\n`), { method: 'HEAD' }],
    ['103 first', (socket) => kept(socket, `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${whole}`)],
    ['100 KB of headers', (socket) => kept(socket, whole.replace('\r\n', `\r\nX-Long: ${'x'.repeat(100_000)}\r\n`))],
    [
      'byte by byte',
      (socket) => {
        socket.setNoDelay(true);
        for (const byte of whole) kept(socket, byte);
      },
    ],
  ])('%s', async (_, answer, part = {}) => {
    const { stage } = await run(await tcp((socket) => answer(socket)), { routes: [route(part)] });
    expect(stage.errors).toEqual({});
    expect(stage.outcomes).toEqual({ ok: 50, unexpectedStatus: 0, timeout: 0, connectionError: 0 });
    expect(stage.latencyUs?.count).toBe(50);
  });

  test('HEAD keeps its connections', async () => {
    let connections = 0;
    const server = createServer((_, response) => response.setHeader('content-length', 2).end());
    server.on('connection', () => connections++);
    await run(await listen(server), { routes: [route({ method: 'HEAD' })], maxConnections: 4 });
    expect(connections).toBe(4);
  });
});

describe('open engine against sockets that break off', () => {
  test.each<[string, RegExp, (socket: Socket) => void]>([
    [
      'reset in mid-body',
      /ECONNRESET|other side closed/,
      (socket) => {
        kept(socket, `${head}Content-Length: 100\r\n\r\nhalf`);
        later(5, () => socket.resetAndDestroy());
      },
    ],
    [
      'a body shorter than its Content-Length',
      /other side closed|MISMATCH/,
      (socket) => ended(socket, `${head}Content-Length: 100\r\n\r\nhalf`),
    ],
    [
      'a chunked body that ends too early',
      /other side closed|HPE/,
      (socket) => ended(socket, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nha`),
    ],
    ['closed before any answer', /other side closed/, (socket) => void socket.end()],
    ['no HTTP at all', /does not match the HTTP\/1.1 protocol/, (socket) => kept(socket, 'SSH-2.0-OpenSSH_9.2\r\n')],
    ['100 nobody asked for', /bad response/, (socket) => kept(socket, `HTTP/1.1 100 Continue\r\n\r\n${whole}`)],
    [
      '101 nobody asked for',
      /bad upgrade/,
      (socket) => kept(socket, 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    ],
    [
      '400 KB of headers',
      /HEADERS_OVERFLOW/,
      (socket) => kept(socket, whole.replace('\r\n', `\r\nX-Long: ${'x'.repeat(400_000)}\r\n`)),
    ],
  ])('%s', async (_, code, answer) => {
    const { stage } = await run(await tcp((socket) => answer(socket)));
    expect(stage.outcomes).toEqual({ ok: 0, unexpectedStatus: 0, timeout: 0, connectionError: 50 });
    for (const each of Object.keys(stage.errors)) expect(each).toMatch(code);
    expect(stage.latencyUs).toBeUndefined();
  });

  test('more body than its Content-Length: the answer counts, what follows it breaks its connection only', async () => {
    const { stage } = await run(await tcp((socket) => kept(socket, `${whole} and more`)));
    expect(stage.outcomes.ok + stage.outcomes.connectionError).toBe(50);
    expect(stage.outcomes.ok).toBeGreaterThan(0);
  });

  test('slow loris: an answer that never ends is a time-out', async () => {
    const timers: NodeJS.Timeout[] = [];
    const origin = await tcp((socket) => {
      kept(socket, head);
      timers.push(setInterval(() => socket.destroyed || socket.write('X-A: b\r\n'), 50));
    });
    const { stage } = await run(origin, { timeoutS: 0.4, durationS: 0.5 });
    for (const timer of timers) clearInterval(timer);
    expect(stage.outcomes).toEqual({ ok: 0, unexpectedStatus: 0, timeout: 25, connectionError: 0 });
  });

  test('a server that recovers is measured rightly after its failures', async () => {
    let seen = 0;
    const origin = await tcp((socket) => {
      seen++;
      if (seen <= 20) socket.resetAndDestroy();
      else later(20, () => kept(socket, whole));
    });
    const { stage } = await run(origin);
    expect(stage.outcomes).toMatchObject({ ok: 30, connectionError: 20 });
    expect(stage.latencyUs?.p50).toBeLessThan(60_000);
  });
});
