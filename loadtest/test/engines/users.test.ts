import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LoadLine, StageEndLine } from '../../../model/second.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { stageFromLines } from '../../../model/stage/stage-result.ts';
import { runUsersStage } from '../../engines/users.ts';
import { endAfter, median, steady } from './steady.ts';

let server: Server;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(listener: RequestListener): Promise<string> {
  server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function run(
  origin: string,
  connections: number,
  thinkTimeS: number,
  durationS: number,
  signal = new AbortController().signal,
): Promise<StageRecord> {
  const lines: LoadLine[] = [];
  const ends: StageEndLine[] = [];
  const routes = [{ name: 'r', method: 'GET' as const, path: '/', weight: 1, headers: {}, expect: [200] }];
  const order = {
    kind: 'closed' as const,
    stage: 0,
    generator: 0,
    origin,
    routes,
    connections,
    durationS,
    timeoutS: 2,
    insecure: false,
    thinkTimeS,
  };
  await runUsersStage(order, (line) => (line.kind === 'load' ? lines.push(line) : ends.push(line)), signal);
  const startedAt = lines[0]?.at ?? '';
  const stage = stageFromLines(
    { kind: 'stage', stage: 0, name: 's', stageKind: 'closed', role: 'measured', connections, startedAt },
    lines,
    ends,
  );
  const { requests, outcomes } = stage;
  expect(requests.sent).toBe(requests.completed + outcomes.timeout + outcomes.connectionError + requests.open);
  return stage;
}

describe('runUsersStage', () => {
  test(
    '10 users that think for 100 ms over a 50 ms server send 10 / 0.15 s, as the interactive response time law says',
    steady(async () => {
      const heldMs: number[] = [];
      const origin = await listen((_, response) => {
        const readAt = performance.now();
        setTimeout(() => {
          response.end('ok');
          heldMs.push(performance.now() - readAt);
        }, 50);
      });
      const stage = await run(origin, 10, 0.1, 3);
      // Of the response time that there was, which is 50 ms on an idle machine.
      const perS = 10 / (0.1 + (stage.latencyUs?.mean ?? 0) / 1e6);
      expect(stage.throughputPerS).toBeGreaterThan(0.8 * perS);
      expect(stage.throughputPerS).toBeLessThan(1.1 * perS);
      expect(stage.latencyUs?.p50).toBeGreaterThanOrEqual(49_000);
      expect(stage.latencyUs?.p50).toBeLessThan(1500 * median(heldMs));
      expect(stage.requests.open).toBe(0);
    }),
  );

  test(
    'users do not come in waves: the first requests are spread over one think time',
    steady(async () => {
      const arrivals: number[] = [];
      const origin = await listen((_, response) => {
        arrivals.push(performance.now());
        response.end('ok');
      });
      await run(origin, 10, 1, 1);
      expect(arrivals.length).toBeGreaterThanOrEqual(9);
      expect((arrivals[9] ?? arrivals[8] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(700);
    }),
  );

  test(
    'time-outs and refused connections are outcomes, and a user goes on thinking after them',
    steady(async () => {
      let number = 0;
      const end = endAfter(6);
      const origin = await listen((_, response) => {
        if (number++ !== 0) response.end('ok');
        end.seen();
      });
      // One user: who was not answered is who goes on.
      const stage = await run(origin, 1, 0.05, 600, end.signal);
      expect(stage.outcomes).toMatchObject({ ok: 4, timeout: 1 });
    }),
  );

  test(
    'nobody sends before the time that it wanted, which would be read as a lower latency',
    steady(async () => {
      const origin = await listen((_, response) => response.end('ok'));
      const stage = await run(origin, 20, 0.1, 2);
      expect(stage.latencyUs?.mean).toBeGreaterThanOrEqual(stage.rawLatencyUs?.mean as number);
      expect(stage.scheduleLagUs?.count).toBe(stage.requests.sent);
      expect(stage.pauses).toEqual({ stalledS: expect.any(Number), pausedS: expect.any(Number) });
    }),
  );

  test(
    'begins without the connections that do not open within the time-out, and can be stopped before',
    steady(async () => {
      const silent = createTcpServer((socket) => void socket.on('error', () => {}));
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const origin = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const began = performance.now();
      const stopped = await run(origin, 2, 0.1, 60, AbortSignal.timeout(300));
      expect(performance.now() - began).toBeLessThan(50_000);
      expect(stopped.requests.sent).toBeLessThanOrEqual(2);
      const stage = await run(origin, 2, 0.1, 1);
      expect(stage.requests.sent).toBe(2);
      silent.close();
    }),
  );

  test(
    'stops when it is told to',
    steady(async () => {
      const end = endAfter(4);
      const origin = await listen((_, response) => {
        response.end('ok');
        end.seen();
      });
      expect((await run(origin, 2, 0.05, 600, end.signal)).aborted).toEqual({ code: 'interrupted' });
    }),
  );
});
