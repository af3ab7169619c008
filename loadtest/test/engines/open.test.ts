import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startServers } from './known-servers.ts';
import { runOpen } from './run-open.ts';
import { median, steady } from './steady.ts';

const servers = startServers();
afterEach(servers.close);

const later = (ms: number, then: () => void): void => void setTimeout(then, ms);

describe('open engine against servers of known latency', () => {
  test(
    'sends what is due, warms connections first, and measures the latency that the server has',
    steady(async () => {
      let connections = 0;
      let connectedBefore = 0;
      const heldMs: number[] = [];
      const server = createServer((_, response) => {
        connectedBefore ||= connections;
        const readAt = performance.now();
        later(20, () => {
          response.end('x');
          heldMs.push(performance.now() - readAt);
        });
      });
      server.on('connection', () => connections++);
      const { stage, lines } = await runOpen(await servers.listen(server), { startAt: Date.now() + 1000 });
      expect(stage.requests).toEqual({ intended: 50, sent: 50, completed: 50, dropped: 0, open: 0 });
      expect(stage.outcomes.ok).toBe(50);
      expect(connectedBefore).toBe(25);
      expect(stage.latencyUs?.p50).toBeGreaterThan(19_000);
      expect(stage.latencyUs?.p50).toBeLessThan(3000 * median(heldMs));
      expect(stage.rawLatencyUs?.count).toBe(50);
      expect(stage.rawLatencyUs?.mean).toBeLessThanOrEqual((stage.latencyUs?.mean ?? 0) + 1);
      // Little's law, over a stage with hardly any request beyond its ends.
      expect(stage.inFlightMean).toBeGreaterThan(0.9);
      expect(lines[0]?.durationS).toBeGreaterThanOrEqual(0.9);
    }),
  );

  test(
    'counts from the intended start: a stall is seen by all who came while it lasted',
    steady(async () => {
      const startAt = Date.now() + 60;
      let stalledMs = 0;
      const origin = await servers.http((_, response) => {
        const leftMs = startAt + 500 - Date.now();
        later(Math.max(0, leftMs), () => {
          response.end('x');
          if (leftMs > 0) stalledMs = Date.now() - startAt;
        });
      });
      const { stage } = await runOpen(origin, { startAt, arrivalRatePerS: { from: 100, to: 100 } });
      expect(stage.outcomes.ok).toBe(100);
      expect(stage.latencyUs?.max).toBeGreaterThan(480_000);
      // One arrival each 10 ms: that of the p90 came 100 ms after the first one of the stall.
      const p90Ms = stalledMs - 100;
      expect(stage.latencyUs?.p90).toBeGreaterThan(1000 * (p90Ms - 30));
      expect(stage.latencyUs?.p90).toBeLessThan(1000 * (p90Ms + 60));
    }),
  );

  test(
    'what finds no free connection is dropped and never sent later',
    steady(async () => {
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
      // Each of the two is taken for 200 ms.
      expect(stage.requests.sent).toBeLessThanOrEqual(12);
      expect(stage.requests.dropped).toBeGreaterThan(0);
      expect(seen).toBe(stage.requests.sent);
      expect(most).toBeLessThanOrEqual(2);
    }),
  );

  test(
    'what falls due while this process stands still is sent late as far as it may wait; beyond that it is the generator, not the target, that left it out',
    steady(async () => {
      const origin = await servers.http((_, response) => response.end('x'));
      const startAt = Date.now() + 60;
      later(260, () => {
        while (Date.now() < startAt + 600);
      });
      const { stage } = await runOpen(origin, { startAt, maxConnections: 10 });
      expect(stage.requests.intended).toBe(50);
      // 10 at 50/s come in 200 ms.
      expect(stage.requests.late).toBeGreaterThanOrEqual(5);
      expect(stage.scheduleLagUs?.max).toBeGreaterThan(100_000);
      // All that stood still: 400 ms.
      expect(stage.scheduleLagUs?.max).toBeLessThan(380_000);
      expect(stage.outcomes.ok).toBe(stage.requests.sent);
    }),
  );

  test(
    'answers after the end count with their latency, and are no throughput',
    steady(async () => {
      const startAt = Date.now() + 60;
      const endsAt = startAt + 500;
      const origin = await servers.http((_, response) => later(endsAt + 1000 - Date.now(), () => response.end('x')));
      const { stage, lines } = await runOpen(origin, { startAt, durationS: 0.5 });
      expect(stage.requests).toMatchObject({ sent: 25, completed: 25, open: 0 });
      expect(lines.map((line) => line.durationS > 0)).toEqual([true, false]);
      expect(stage.durationS).toBeLessThan(1.4);
      expect(stage.throughputPerS).toBe(0);
      expect(stage.latencyUs?.count).toBe(25);
      expect(stage.latencyUs?.p50).toBeGreaterThan(995_000);
    }),
  );

  test(
    'a server that recovers is measured rightly after its failures',
    steady(async () => {
      let seen = 0;
      const heldMs: number[] = [];
      const origin = await servers.tcp((socket) => {
        seen++;
        const readAt = performance.now();
        if (seen <= 20) socket.resetAndDestroy();
        else
          later(20, () => {
            socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
            heldMs.push(performance.now() - readAt);
          });
      });
      const { stage } = await runOpen(origin);
      expect(stage.outcomes).toMatchObject({ ok: 30, connectionError: 20 });
      expect(stage.latencyUs?.p50).toBeLessThan(3000 * median(heldMs));
    }),
  );

  test(
    'long pauses between arrivals are not taken for a dead target',
    steady(async () => {
      const origin = await servers.http((_, response) => response.end('x'));
      const plan = { timeoutS: 0.2, durationS: 4, arrivalRatePerS: { from: 0.5, to: 0.5 } };
      const { stage } = await runOpen(origin, plan);
      expect(stage.aborted).toBeUndefined();
      expect(stage.outcomes.ok).toBe(2);
    }),
  );
});
