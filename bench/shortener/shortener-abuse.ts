// Sends generated bad requests, slow ones and idle connections, and looks whether the shortener minds.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { type Program, startApp, tempFolder } from '../program.ts';
import { print } from '../rounds.ts';

export const claim =
  '100,000 generated bad requests: no 5xx, no crash, no growth; slow-loris and 10,000 idle connections do not stop service';

const REQUESTS = 100_000;
const AT_ONCE = 32;
const IDLE = 10_000;
const SLOW = 200;
const GROWTH_LIMIT_MB = 40;
const SERVED_MS = 1000;

const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.webPath(),
  fc.constantFrom('', '%', '%zz', '%00', '..', '__proto__'),
);
const line = junk.map((text) => text.replace(/[\r\n ]/g, '_'));
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'BREW');
const path = fc.oneof(
  line.map((text) => `/${text}`),
  fc.constantFrom(
    '/your-url',
    '/api/links',
    '/api/links/go',
    '/go+',
    '/api',
    '/files/gauge.seed.png',
    '/static/style.css',
    '/',
    '*',
  ),
);
const type = fc.constantFrom(
  'application/x-www-form-urlencoded',
  'application/json',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/plain',
  ';;;',
);
const header = fc.oneof(
  fc.constantFrom(
    'Content-Encoding: gzip',
    'Cookie: visitor=e30=; visitor.sig=x',
    'Range: bytes=9-1',
    'Origin: null',
    'X-Forwarded-For: x',
    'Expect: nonsense',
    'If-None-Match: "',
  ),
  line.map((text) => `X-Junk: ${text}`),
);
const body = fc.oneof(
  junk,
  fc.json(),
  fc.record({ code: junk, url: junk }).map((fields) => JSON.stringify(fields)),
  fc.record({ code: junk, url: junk }).map((fields) => String(new URLSearchParams(fields))),
  junk.map(
    (text) => `--x\r\nContent-Disposition: form-data; name="file"; filename="${text}"\r\n\r\n${text}\r\n--x--\r\n`,
  ),
  junk.map((text) => `--x\r\nContent-Disposition: form-data; name="${text}"\r\n\r\n`),
);
const request = fc
  .tuple(method, path, type, fc.array(header, { maxLength: 3 }), body)
  .map(([verb, target, kind, headers, content]) => {
    const bytes = Buffer.from(content);
    const head = [
      `${verb} ${target} HTTP/1.1`,
      'Host: short.test',
      'Connection: close',
      `Content-Type: ${kind}`,
      `Content-Length: ${bytes.length}`,
      ...headers,
    ];
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
  });

/** Prints the counts. */
export async function run(): Promise<boolean> {
  const app = await startApp({ workers: 1, dataDir: tempFolder() });
  const { hostname, port } = new URL(app.url);
  const pids = app.pids().join();
  const open = (): Socket => connect(Number(port), hostname).on('error', () => {});
  const statuses = new Map<string, number>();
  const samples = fc.sample(request, { numRuns: REQUESTS / 5, seed: 1 });

  const memoryMb: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const rest = [...samples];
    const client = async (): Promise<void> => {
      for (let bytes = rest.pop(); bytes; bytes = rest.pop()) {
        const status = await answerTo(open(), bytes);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    memoryMb.push(anonymousMb(app));
  }
  const classes = [...statuses].sort().map(([status, count]) => `${status}: ${count}`);
  print(`${classes.join(', ')}`);
  // The first round fills caches and sizes the heap.
  const growthMb = (memoryMb.at(-1) ?? 0) - (memoryMb[1] ?? 0);
  print(`worker memory after each fifth: ${memoryMb.map((mb) => mb.toFixed(0)).join(', ')} MB`);

  const idle = await crowd(IDLE, open, '');
  const slow = await crowd(SLOW, open, 'POST /your-url HTTP/1.1\r\nHost: short.test\r\nContent-Le');
  const redirect = async () => {
    const startedMs = performance.now();
    const status = await answerTo(open(), Buffer.from('GET /go HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
    return { status, tookMs: performance.now() - startedMs };
  };
  // The first waits until the shortener has taken all of them in.
  const [first, next] = [await redirect(), await redirect()];
  print(
    `after ${idle.length} idle and ${slow.length} slow connections were opened, a redirect is ${first.status} in ${first.tookMs.toFixed(0)} ms, the next ${next.status} in ${next.tookMs.toFixed(1)} ms`,
  );
  for (const socket of [...idle, ...slow]) socket.destroy();
  const survived = app.pids().join() === pids && app.child.exitCode === null;
  await app.stop();
  const errors = [...statuses].filter(([status]) => status.startsWith('5')).reduce((sum, [, count]) => sum + count, 0);
  print(`${errors} answers of 5xx, ${survived ? 'no' : 'A'} crash, ${growthMb.toFixed(0)} MB growth`);
  return (
    errors === 0 &&
    survived &&
    growthMb < GROWTH_LIMIT_MB &&
    [first, next].every(({ status }) => status === '302') &&
    next.tookMs < SERVED_MS
  );
}

/** The status of the first answer, or 'none' when the connection ended without one. */
async function answerTo(socket: Socket, bytes: Buffer): Promise<string> {
  socket.write(bytes);
  let text = '';
  socket.on('data', (chunk) => {
    text ||= String(chunk).slice(0, 12);
  });
  // Who answers before it has read everything resets the connection, which is no crash.
  await new Promise((resolve) => socket.once('close', resolve));
  return /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 'none';
}

async function crowd(size: number, open: () => Socket, text: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < size) {
    const batch = Array.from({ length: Math.min(200, size - sockets.length) }, open);
    await Promise.all(batch.map((socket) => once(socket, 'connect')));
    for (const socket of batch) if (text) socket.write(text);
    sockets.push(...batch);
  }
  return sockets;
}

function anonymousMb(app: Program): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${app.pids().at(-1)}/status`, 'utf8'))?.[1]) / 1024;
}
