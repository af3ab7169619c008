import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import type { LoadLine, StageEndLine } from '../../../model/second.ts';
import { runOpenStage } from '../../engines/open.ts';
import type { OpenOrder } from '../../engines/stage-order.ts';
import { steady } from './steady.ts';

/** One second of 200 requests to a server that is slow once. Returns the traceparents that it got, and the end of the stage. */
async function load(trace?: number) {
  const traced: string[] = [];
  let slow: string | undefined;
  let requests = 0;
  const server = createServer((request, answer) => {
    const { traceparent } = request.headers;
    requests++;
    if (typeof traceparent === 'string') traced.push(traceparent);
    const isSlow = slow === undefined && typeof traceparent === 'string' && requests > 50;
    if (isSlow) slow = traceparent;
    setTimeout(() => answer.writeHead(isSlow ? 503 : 200).end('x'), isSlow ? 3000 : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const order: OpenOrder = {
    kind: 'open',
    stage: 0,
    generator: 0,
    generators: 1,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    routes: [{ name: 'home', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }],
    startAt: Date.now() + 100,
    durationS: 1,
    arrivalRatePerS: { from: 200, to: 200 },
    arrivals: 'constant',
    seed: 1,
    maxConnections: 50,
    timeoutS: 60,
    insecure: false,
    ...(trace !== undefined && { trace }),
  };
  const lines: (LoadLine | StageEndLine)[] = [];
  await runOpenStage(order, (line) => lines.push(line), new AbortController().signal);
  server.closeAllConnections();
  server.close();
  const end = lines.find((line) => line.kind === 'stage-end') as StageEndLine;
  return { traced, slow, requests, end };
}

test(
  'a share of the requests carries a trace context, and the slowest are named',
  steady(async () => {
    const { traced, slow, requests, end } = await load(0.2);
    // A busy machine drops some of the 200.
    expect(traced.length).toBeGreaterThan(0.1 * requests);
    expect(traced.length).toBeLessThan(0.3 * requests);
    for (const each of traced) expect(each).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(new Set(traced).size).toBe(traced.length);
    expect(end.traces?.sampled).toBe(traced.length);
    expect(end.traces?.slowest).toHaveLength(10);
    expect(end.traces?.slowest[0]).toMatchObject({ traceId: slow?.split('-')[1], route: 'home', status: 503 });
    expect(end.traces?.slowest[0]?.latencyUs).toBeGreaterThan(2_990_000);
  }),
);

test(
  'without --trace no request carries one',
  steady(async () => {
    const { traced, end } = await load();
    expect([traced, end.traces]).toEqual([[], undefined]);
  }),
);
