// A generator's first requests would leave late by the time that it takes to load and compile what sends them. So it sends some to
// itself before it says that it is ready.
import { type AddressInfo, createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import type { WalkStep } from '../../model/walk.ts';
import type { Flow } from './flow.ts';
import { runOpenStage } from './open.ts';
import type { OpenOrder } from './stage-order.ts';

/**
 * In turn more than can be sent and so little that the clock is polled: what only the one or the other does changes the shape of objects, and
 * code for the shape before is thrown away.
 */
const stages = [
  { ratePerS: 50_000, durationS: 0.1 },
  { ratePerS: 5_000, durationS: 0.15 },
  { ratePerS: 50_000, durationS: 0.1 },
  { ratePerS: 10_000, durationS: 0.25 },
];
/** Begin so many walks: code that has never shown an answer to a user is thrown away by the first one. */
const walkStages = [
  { ratePerS: 20_000, durationS: 0.15 },
  { ratePerS: 5_000, durationS: 0.15 },
];
type Rehearsed = (typeof stages)[number];

const walkStep = (name: string, more: Partial<WalkStep>): WalkStep => ({
  name,
  method: 'GET',
  path: '/',
  headers: {},
  expect: [200],
  ...more,
});
const token = '$'.concat('{token}');
const walk = {
  steps: [
    walkStep('takes', { take: { token: { json: '/token' }, other: { header: 'x-other' } } }),
    walkStep('uses', { path: `/${token}`, headers: { 'x-token': token }, take: { more: { pattern: '"(\\w+)"}' } } }),
    walkStep('ends', {}),
  ],
  first: 0,
  every: 1,
};
const walkAnswers = [
  'HTTP/1.1 200 OK\r\nSet-Cookie: id=1; Path=/; HttpOnly\r\nX-Other: 1\r\nContent-Length: 13\r\n\r\n{"token":"x"}',
  'HTTP/1.1 200 OK\r\nX-Other: 1\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n{"token":"y"}\r\n0\r\n\r\n',
].map((answer) => Buffer.from(answer));

/** V8 compiles what is hot sooner than by default, which is 66 KiB of bytecode; a version that does not know it ignores it. */
const compileSooner = '--interrupt-budget=10000';

/** What a target may send: code that has met one of them alone would be compiled again when it meets another. */
const answers = [
  'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nServer: x\r\nDate: x\r\nContent-Type: text/plain\r\nContent-Length: 11\r\nConnection: keep-alive\r\n\r\nhello world',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno',
].map((answer) => Buffer.from(answer));

/** V8 forgets the shape of objects, and throws away code that was compiled for it, with the last of them: one connection stays open. */
const kept: Flow[] = [];

/**
 * Runs short open stages against a server in this process. Returns how many requests a second a core of this machine sent and answered at
 * full rate, 0 where it had too little of one to say; their other figures are discarded. `walks`: also those.
 */
export async function rehearse(walks = false): Promise<number> {
  setFlagsFromString(compileSooner);
  // A message may detach a buffer: code that relies on there being none would be thrown away then.
  const detached = new ArrayBuffer(1);
  structuredClone(detached, { transfer: [detached] });
  let answered = 0;
  let shapes = answers;
  const server = createServer((socket) => {
    socket.unref().on('error', () => socket.destroy());
    socket.on('data', () => socket.write(shapes[answered++ % shapes.length] as Buffer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let perCoreS = 0;
  const onLine = (line: LoadLine | StageEndLine): void => {
    if (line.kind === 'load') perCoreS = Math.max(perCoreS, perCpuS(line));
  };
  const run = (stage: Rehearsed, more: Partial<OpenOrder> = {}): Promise<Flow> =>
    runOpenStage({ ...orderOf(stage, port), ...more }, onLine, new AbortController().signal);
  for (const stage of stages) {
    const flow = await run(stage);
    // Only now: a full collection throws away code whose objects are all gone.
    if (kept.length === 0) globalThis.gc?.();
    kept.push(flow);
  }
  shapes = walkAnswers;
  const routes = walk.steps.map((step) => ({ ...step, weight: 1 }));
  for (const stage of walks ? walkStages : []) kept.push(await run(stage, { walk, routes }));
  const socket = kept.at(-1)?.dialer.open(
    () => {},
    () => socket?.write('GET / HTTP/1.1\r\n\r\n'),
  );
  socket?.unref().on('error', () => socket.destroy());
  server.unref();
  return perCoreS;
}

/** Where a busy machine lets this process answer fewer in a stage, code is not compiled yet, and they say nothing. */
const leastAnswers = 2000;

/** Answers in a second of CPU time. Where the clock was polled they are fewer than could be. */
function perCpuS({ outcomes: { ok, unexpectedStatus }, cpuS }: LoadLine): number {
  const answers = ok + unexpectedStatus;
  return cpuS > 0 && answers >= leastAnswers ? answers / cpuS : 0;
}

function orderOf({ ratePerS, durationS }: Rehearsed, port: number): OpenOrder {
  return {
    kind: 'open',
    durationS,
    arrivalRatePerS: { from: ratePerS, to: ratePerS },
    stage: 0,
    generator: 0,
    generators: 1,
    origin: `http://127.0.0.1:${port}`,
    routes: [{ name: 'rehearsal', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200, 204, 302] }],
    startAt: Date.now(),
    arrivals: 'constant',
    seed: 1,
    // More than are opened at first: the first that is opened in a stage needs code of its own.
    maxConnections: 300,
    timeoutS: 2,
    insecure: false,
  };
}
