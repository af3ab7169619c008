// How requests can end and answers can arrive. Nothing here depends on time to the millisecond: the tests run beside each other.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Route } from '../../../model/profile.ts';
import { refusing, startServers } from './known-servers.ts';
import { route, runOpen } from './run-open.ts';
import { endAfter, steady } from './steady.ts';

const servers = startServers();
afterAll(servers.close);

const later = (ms: number, then: () => void): void => void setTimeout(then, ms);

const head = 'HTTP/1.1 200 OK\r\n';
const whole = `${head}Content-Length: 2\r\n\r\nok`;
const ended = (socket: Socket, text: string | Buffer): void => void socket.end(text);
const kept = (socket: Socket, text: string | Buffer): void => void socket.write(text);

describe('open engine', () => {
  test.concurrent(
    'what is open after the grace period is open, entered at its age when older than every answer',
    steady(async () => {
      let seen = 0;
      const origin = await servers.tcp((socket) => {
        if (seen++ === 0) kept(socket, whole);
      });
      const { stage } = await runOpen(origin, { timeoutS: 20, arrivalRatePerS: { from: 5, to: 5 } });
      expect(stage.requests).toEqual({ intended: 5, sent: 5, completed: 1, dropped: 0, open: 4 });
      expect(stage.latencyUs?.max).toBeGreaterThan(5_000_000);
      expect(stage.latencyUs?.count).toBe(5);
      expect(stage.rawLatencyUs?.count).toBe(5);
      expect(stage.outcomes.ok).toBe(1);
    }),
  );

  test.concurrent(
    'a time-out is an outcome and a latency at its age',
    steady(async () => {
      const { stage } = await runOpen(await servers.tcp(() => {}), { timeoutS: 0.3, durationS: 0.5 });
      expect(stage.outcomes).toEqual({ ok: 0, unexpectedStatus: 0, timeout: 25, connectionError: 0 });
      expect(stage.latencyUs?.count).toBe(25);
      expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(299_000);
    }),
  );

  test.concurrent(
    'a connection that does not get established is a time-out too',
    steady(async () => {
      const origin = (await servers.tcp(() => {})).replace('http:', 'https:');
      const { stage } = await runOpen(origin, { timeoutS: 0.3, durationS: 0.5 });
      expect(stage.outcomes).toMatchObject({ ok: 0, timeout: 25 });
    }),
  );

  test.concurrent(
    'unexpected statuses are apart from expected ones, and redirects are not followed',
    steady(async () => {
      const seen = new Set<string>();
      const origin = await servers.http((request, response) => {
        seen.add(request.url ?? '');
        response.writeHead(request.url === '/go' ? 302 : 500, { location: '/elsewhere' }).end();
      });
      const routes = [route({ expect: [302] }), route({ name: 'broken', path: '/broken' })];
      const { stage } = await runOpen(origin, { routes });
      expect(seen).toEqual(new Set(['/go', '/broken']));
      expect(stage.statusCounts).toEqual({ 302: 25, 500: 25 });
      expect(stage.outcomes).toMatchObject({ ok: 25, unexpectedStatus: 25 });
      expect(stage.latencyUs?.count).toBe(25);
      expect(stage.failedLatencyUs?.count).toBe(25);
      expect(stage.routes.broken).toMatchObject({ ok: 0, failed: 25 });
    }),
  );

  test.concurrent(
    'sends methods, headers and bodies, and the mix of two generators is that of one',
    steady(async () => {
      const bodies: string[] = [];
      const origin = await servers.http((request, response) => {
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
      await Promise.all([0, 1].map((generator) => runOpen(origin, { routes, generator, generators: 2 })));
      expect(bodies.filter((body) => body === 'POST 7 url=ü')).toHaveLength(12);
      expect(bodies.filter((body) => body === 'GET  ')).toHaveLength(38);
    }),
  );

  test.concurrent(
    'a dead target ends the stage early, and says so',
    steady(async () => {
      const { stage } = await runOpen(refusing, { durationS: 20 });
      expect(stage.aborted).toMatchObject({ code: 'target-silent' });
      expect(stage.errors.ECONNREFUSED).toBe(stage.outcomes.connectionError);
      // Its last connection may be refused after the end.
      expect(stage.requests.sent).toBe(stage.outcomes.connectionError + stage.requests.open);
    }),
  );

  test.concurrent(
    'stops at once when it is aborted',
    steady(async () => {
      const end = endAfter(10);
      const origin = await servers.tcp(() => end.seen());
      const { stage } = await runOpen(origin, { durationS: 600 }, end.signal);
      expect(stage.aborted).toEqual({ code: 'interrupted' });
      expect(stage.durationS).toBeLessThan(300);
      expect(stage.requests.open).toBe(stage.requests.sent);
    }),
  );
});

describe('open engine over other transports', () => {
  test.concurrent(
    'IPv6',
    steady(async () => {
      const origin = await servers.listen(
        createServer((_, response) => response.end('x')),
        '::1',
      );
      expect((await runOpen(origin)).stage.outcomes.ok).toBe(50);
    }),
  );

  test.concurrent(
    'https: a self-signed certificate is refused, unless it is to be taken',
    steady(async () => {
      const file = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
      const tls = { key: file('self-signed-key.pem'), cert: file('self-signed-cert.pem') };
      const server = createTlsServer(tls, (_, response) => response.end('x'));
      const origin = await servers.listen(server, '127.0.0.1', 'https');
      const refused = (await runOpen(origin)).stage;
      expect(refused.keepAlive?.unopened).toBe(25);
      expect(refused.errors).toEqual({ DEPTH_ZERO_SELF_SIGNED_CERT: 50 });
      const order = { insecure: true, startAt: Date.now() + 1000 };
      const { outcomes, keepAlive } = (await runOpen(origin, order)).stage;
      expect(outcomes.ok).toBe(50);
      expect(keepAlive).toMatchObject({ opened: 25, resumed: expect.any(Number), handshakeUs: { count: 25 } });
    }),
  );
});

describe('open engine counts', () => {
  test.concurrent(
    'TLS handshakes, those that resume a session apart',
    steady(async () => {
      const file = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
      const tls = { key: file('self-signed-key.pem'), cert: file('self-signed-cert.pem') };
      const server = createTlsServer(tls, (_, response) => response.setHeader('connection', 'close').end('x'));
      const origin = await servers.listen(server, '127.0.0.1', 'https');
      const { outcomes, keepAlive } = (await runOpen(origin, { insecure: true, maxConnections: 1 })).stage;
      expect(keepAlive?.opened).toBeGreaterThanOrEqual(outcomes.ok);
      expect(keepAlive?.resumed).toBe((keepAlive?.opened ?? 0) - 1);
    }),
  );

  test.concurrent(
    'bytes of requests and answers as they are sent',
    steady(async () => {
      let received = 0;
      const origin = await servers.tcp((socket, chunk) => {
        received += chunk.length;
        kept(socket, `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`);
      });
      const { bytes, keepAlive, requests } = (await runOpen(origin, { maxConnections: 4 })).stage;
      expect(bytes).toEqual({ sent: received, received: requests.completed * (head.length + 42) });
      expect(keepAlive).toMatchObject({ opened: 4, connectUs: { count: 4 } });
    }),
  );

  test.concurrent(
    'bytes of answers in a time in which nothing is sent',
    steady(async () => {
      const origin = await servers.tcp((socket) => later(1200, () => kept(socket, whole)));
      const { bytes, requests } = (await runOpen(origin)).stage;
      expect(requests.completed).toBe(50);
      expect(bytes?.received).toBe(50 * whole.length);
    }),
  );

  test.concurrent(
    'one answer, where the connection ends after the next request was sent on it',
    steady(async () => {
      let seen = 0;
      const origin = await servers.tcp((socket) => {
        // Each second request of a connection is met with its end.
        if (seen++ % 2 === 0) kept(socket, whole);
        else socket.end();
      });
      const { stage } = await runOpen(origin, { maxConnections: 1, durationS: 0.5 });
      expect(stage.outcomes.connectionError).toBe(0);
      expect(stage.outcomes.ok).toBe(stage.requests.sent);
      expect(stage.requests.repeated).toBe(seen - stage.requests.sent);
    }),
  );

  const announced = (seconds: number) => whole.replace('\r\n', `\r\nKeep-Alive: timeout=${seconds}, max=9\r\n`);
  test.concurrent.each<[number, string, Route['method'], string, number]>([
    [4, 'that idle ones end after a second', 'GET', announced(1), 1],
    [1, 'a limit below a second, which is announced as 0', 'GET', announced(0), 2],
    [1, 'a limit of a minute', 'POST', announced(60), 2],
    [1, 'nothing', 'POST', whole, 2],
  ])(
    '%i connections for 4 requests, where the server announces %s',
    steady(async (expected, _, method, answer, perS) => {
      const origin = await servers.tcp((socket) => kept(socket, answer));
      const plan = { maxConnections: 1, durationS: 4 / perS, arrivalRatePerS: { from: perS, to: perS } };
      const { outcomes, keepAlive } = (await runOpen(origin, { ...plan, routes: [route({ method })] })).stage;
      expect(outcomes.ok).toBe(4);
      expect(keepAlive?.opened).toBe(expected);
    }),
  );

  test.concurrent(
    'a new connection for a POST after 4 s, where the server announces nothing',
    steady(async () => {
      const origin = await servers.tcp((socket) => kept(socket, whole));
      const plan = { maxConnections: 1, durationS: 10, arrivalRatePerS: { from: 0.2, to: 0.2 } };
      const openedFor = async (method: Route['method']) =>
        (await runOpen(origin, { ...plan, routes: [route({ method })] })).stage.keepAlive?.opened;
      expect(await Promise.all([openedFor('POST'), openedFor('PUT')])).toEqual([2, 1]);
    }),
  );

  test.concurrent(
    'an error, where the connection ends long after the request: the target died of it',
    steady(async () => {
      let seen = 0;
      const origin = await servers.tcp((socket) => {
        if (seen++ % 2 === 0) kept(socket, whole);
        else later(150, () => socket.resetAndDestroy());
      });
      const plan = { maxConnections: 1, durationS: 4, arrivalRatePerS: { from: 1, to: 1 } };
      const { stage } = await runOpen(origin, plan);
      expect(stage.outcomes).toMatchObject({ ok: 2, connectionError: 2 });
      expect(stage.errors).toEqual({ ECONNRESET: 2 });
      expect(stage.requests).not.toHaveProperty('repeated');
    }),
  );
});

describe('open engine leaves its connections', () => {
  test.concurrent(
    'by a reset after a time-out, which keeps no port here',
    steady(async () => {
      const ends: Promise<string>[] = [];
      const server = createTcpServer((socket) => {
        const ending = new Promise<string>((resolve) => {
          socket.resume().on('error', ({ message }) => resolve(message));
          socket.on('end', () => resolve('closed'));
        });
        ends.push(ending);
      });
      const origin = await servers.listen(server);
      const { stage } = await runOpen(origin, { timeoutS: 0.3, arrivalRatePerS: { from: 4, to: 4 } });
      expect(stage.outcomes.timeout).toBe(4);
      expect(await Promise.all(ends)).toEqual(Array(4).fill('read ECONNRESET'));
    }),
  );

  test.concurrent(
    'open, where one of them ends with its first answer and others are kept',
    steady(async () => {
      let connections = 0;
      let seen = 0;
      const server = createTcpServer((socket) => {
        connections++;
        socket.on('error', () => {});
        socket.on('data', () => {
          if (seen++ === 3) socket.end(`${head}Connection: close\r\nContent-Length: 2\r\n\r\nok`);
          else socket.write(whole);
        });
      });
      const { stage } = await runOpen(await servers.listen(server), { startAt: Date.now() + 500 });
      expect(stage.outcomes.ok).toBe(50);
      // 25 ahead, and one for that which ended.
      expect(connections).toBe(26);
    }),
  );
});

describe('open engine against sockets that answer in odd ways, all right', () => {
  test.concurrent.each<[string, (socket: Socket) => void, Partial<Route>?]>([
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
    ['100 nobody asked for', (socket) => kept(socket, `HTTP/1.1 100 Continue\r\n\r\n${whole}`)],
    [
      '204 with a Content-Length',
      (socket) => kept(socket, 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'),
      { expect: [204] },
    ],
    [
      '204 with chunks announced',
      (socket) => kept(socket, 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n'),
      { expect: [204] },
    ],
    ['a line end behind each answer', (socket) => kept(socket, `${whole}\r\n`)],
    ['an answer of its last request twice', (socket) => kept(socket, `${whole}${whole}`)],
    [
      'the letter ü in a header',
      (socket) => kept(socket, Buffer.from(whole.replace('\r\n', '\r\nX-City: M\xfcnchen\r\n'), 'latin1')),
    ],
    ['103 first', (socket) => kept(socket, `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${whole}`)],
    ['100 KB of headers', (socket) => kept(socket, whole.replace('\r\n', `\r\nX-Long: ${'x'.repeat(100_000)}\r\n`))],
    [
      'byte by byte',
      (socket) => {
        socket.setNoDelay(true);
        for (const byte of whole) kept(socket, byte);
      },
    ],
  ])(
    '%s',
    steady(async (_, answer, part = {}) => {
      const { stage } = await runOpen(await servers.tcp((socket) => answer(socket)), { routes: [route(part)] });
      expect(stage.errors).toEqual({});
      expect(stage.outcomes).toEqual({ ok: 50, unexpectedStatus: 0, timeout: 0, connectionError: 0 });
      expect(stage.latencyUs?.count).toBe(50);
    }),
  );

  test.concurrent(
    'HEAD keeps its connections',
    steady(async () => {
      let connections = 0;
      const server = createServer((_, response) => response.setHeader('content-length', 2).end());
      server.on('connection', () => connections++);
      await runOpen(await servers.listen(server), { routes: [route({ method: 'HEAD' })], maxConnections: 4 });
      expect(connections).toBe(4);
    }),
  );
});

describe('open engine against sockets that break off', () => {
  test.concurrent.each<[string, RegExp, (socket: Socket) => void]>([
    [
      'reset in mid-body',
      /^(CLOSED|ECONNRESET)$/,
      (socket) => {
        kept(socket, `${head}Content-Length: 100\r\n\r\nhalf`);
        later(5, () => socket.resetAndDestroy());
      },
    ],
    [
      'a body shorter than its Content-Length',
      /^CLOSED$/,
      (socket) => ended(socket, `${head}Content-Length: 100\r\n\r\nhalf`),
    ],
    [
      'a chunked body that ends too early',
      /^CLOSED$/,
      (socket) => ended(socket, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nha`),
    ],
    ['closed before any answer', /^CLOSED$/, (socket) => void socket.end()],
    ['no HTTP at all', /^HTTP_NOT_HTTP$/, (socket) => kept(socket, 'SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'HTTP/2 without TLS',
      /^HTTP_2$/,
      (socket) => kept(socket, Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0xff, 0xff])),
    ],
    ['an alert of TLS', /^HTTP_TLS$/, (socket) => kept(socket, Buffer.from([0x15, 3, 3, 0, 2, 2, 70]))],
    [
      'two lengths',
      /^HTTP_TWO_LENGTHS$/,
      (socket) => kept(socket, `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`),
    ],
    ['a negative length', /^HTTP_BAD_LENGTH$/, (socket) => kept(socket, `${head}Content-Length: -1\r\n\r\nok`)],
    [
      'a length and chunks',
      /^HTTP_LENGTH_AND_CHUNKED$/,
      (socket) => kept(socket, `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
    ],
    [
      'a chunk whose size is no number',
      /^HTTP_BAD_CHUNK$/,
      (socket) => kept(socket, `${head}Transfer-Encoding: chunked\r\n\r\nfour\r\nokok\r\n`),
    ],
    [
      '101 nobody asked for',
      /^HTTP_UPGRADED$/,
      (socket) => kept(socket, 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    ],
    [
      '400 KB of headers',
      /^HTTP_HEAD_TOO_LONG$/,
      (socket) => kept(socket, whole.replace('\r\n', `\r\nX-Long: ${'x'.repeat(400_000)}\r\n`)),
    ],
  ])(
    '%s',
    steady(async (_, code, answer) => {
      const { stage } = await runOpen(await servers.tcp((socket) => answer(socket)));
      expect(stage.outcomes).toEqual({ ok: 0, unexpectedStatus: 0, timeout: 0, connectionError: 50 });
      for (const each of Object.keys(stage.errors)) expect(each).toMatch(code);
      expect(stage.latencyUs).toBeUndefined();
    }),
  );

  test.concurrent(
    'more body than its Content-Length: the answer counts, what follows it breaks its connection only',
    steady(async () => {
      const { stage } = await runOpen(await servers.tcp((socket) => kept(socket, `${whole} and more`)));
      expect(stage.outcomes.ok + stage.outcomes.connectionError).toBe(50);
      expect(stage.outcomes.ok).toBeGreaterThan(0);
    }),
  );

  test.concurrent.each<[string, (socket: Socket) => void]>([
    ['in one piece', (socket) => kept(socket, `${whole}${whole}`)],
    [
      'later',
      (socket) => {
        kept(socket, whole);
        setTimeout(() => socket.destroyed || socket.write(whole), 5);
      },
    ],
  ])(
    'a second response to a request, %s, is counted and ends its connection',
    steady(async (_, answer) => {
      const { stage } = await runOpen(await servers.tcp(answer));
      const { ok } = stage.outcomes;
      expect(ok).toBe(stage.requests.sent);
      expect(stage.keepAlive?.unasked).toBeGreaterThan(ok / 2);
      expect(stage.keepAlive?.opened).toBeGreaterThan(ok / 2);
    }),
  );

  test.concurrent(
    'a 408 on an idle connection is how a server closes it, and not data that no request asked for',
    steady(async () => {
      const origin = await servers.tcp((socket) => {
        kept(socket, whole);
        later(5, () => socket.destroyed || ended(socket, 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n'));
      });
      const { stage } = await runOpen(origin);
      expect(stage.outcomes.ok).toBeGreaterThan(0);
      expect(stage.keepAlive?.unasked).toBeUndefined();
    }),
  );

  test.concurrent(
    'slow loris: an answer that never ends is a time-out',
    steady(async () => {
      const timers: NodeJS.Timeout[] = [];
      const origin = await servers.tcp((socket) => {
        kept(socket, head);
        timers.push(setInterval(() => socket.destroyed || socket.write('X-A: b\r\n'), 50));
      });
      const { stage } = await runOpen(origin, { timeoutS: 0.4, durationS: 0.5 });
      for (const timer of timers) clearInterval(timer);
      expect(stage.outcomes).toEqual({ ok: 0, unexpectedStatus: 0, timeout: 25, connectionError: 0 });
    }),
  );
});
