import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startServers } from './known-servers.ts';
import { runOpen } from './run-open.ts';

const servers = startServers();
afterEach(servers.close);

const later = (ms: number, then: () => void): void => void setTimeout(then, ms);

describe('open engine against servers of known latency', () => {
  test('sends what is due, warms connections first, and measures the latency that the server has', async () => {
    const startAt = Date.now() + 150;
    let connectedBefore = 0;
    const server = createServer((_, response) => later(20, () => response.end('x')));
    server.on('connection', () => {
      if (Date.now() < startAt) connectedBefore++;
    });
    const { stage, lines } = await runOpen(await servers.listen(server), { startAt });
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
    const origin = await servers.http((_, response) =>
      later(Math.max(0, startAt + 500 - Date.now()), () => response.end('x')),
    );
    const { stage } = await runOpen(origin, { startAt, arrivalRatePerS: { from: 100, to: 100 } });
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
    const origin = await servers.http((_, response) => {
      seen++;
      most = Math.max(most, ++inFlight);
      later(200, () => {
        inFlight--;
        response.end('x');
      });
    });
    const { stage } = await runOpen(origin, { maxConnections: 2 });
    expect(stage.requests.intended).toBe(50);
    expect(stage.requests.dropped).toBeGreaterThanOrEqual(38);
    expect(seen).toBe(stage.requests.sent);
    expect(most).toBeLessThanOrEqual(2);
  });

  test('what falls due while this process stands still is sent late as far as it may wait; beyond that it is the generator, not the target, that left it out', async () => {
    const origin = await servers.http((_, response) => response.end('x'));
    const startAt = Date.now() + 60;
    later(260, () => {
      while (Date.now() < startAt + 600);
    });
    const { stage } = await runOpen(origin, { startAt, maxConnections: 10 });
    expect(stage.requests.intended).toBe(50);
    // 10 at 50/s come in 200 ms.
    expect(stage.requests.late).toBeGreaterThanOrEqual(5);
    expect(stage.requests.dropped).toBe(0);
    expect(stage.scheduleLagUs?.max).toBeGreaterThan(100_000);
    expect(stage.scheduleLagUs?.max).toBeLessThan(260_000);
    expect(stage.outcomes.ok).toBe(stage.requests.sent);
  });

  test('answers after the end count with their latency, and are no throughput', async () => {
    const origin = await servers.http((_, response) => later(400, () => response.end('x')));
    const { stage, lines } = await runOpen(origin, { durationS: 0.5 });
    expect(stage.requests).toMatchObject({ sent: 25, completed: 25, open: 0 });
    expect(lines.map((line) => line.durationS > 0)).toEqual([true, false]);
    expect(stage.durationS).toBeLessThan(0.6);
    expect(stage.throughputPerS).toBeLessThan(25);
    expect(stage.latencyUs?.count).toBe(25);
    expect(stage.latencyUs?.p50).toBeGreaterThan(395_000);
  });

  test('a server that recovers is measured rightly after its failures', async () => {
    let seen = 0;
    const origin = await servers.tcp((socket) => {
      seen++;
      if (seen <= 20) socket.resetAndDestroy();
      else later(20, () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    });
    const { stage } = await runOpen(origin);
    expect(stage.outcomes).toMatchObject({ ok: 30, connectionError: 20 });
    expect(stage.latencyUs?.p50).toBeLessThan(60_000);
  });

  test('long pauses between arrivals are not taken for a dead target', async () => {
    const origin = await servers.http((_, response) => response.end('x'));
    const { stage } = await runOpen(origin, { timeoutS: 0.2, durationS: 4, arrivalRatePerS: { from: 0.5, to: 0.5 } });
    expect(stage.aborted).toBeUndefined();
    expect(stage.outcomes.ok).toBe(2);
  });
});
