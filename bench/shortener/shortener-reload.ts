// Rolls the workers over again and again under an open load, and counts the requests that failed.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startApp, tempFolder } from '../program.ts';
import { print } from '../rounds.ts';

export const claim = 'rolling reloads under 2,000 requests a second for 60 s: 0 failed of 120,000';

const PER_S = 2000;
const SECONDS = 60;
const CONNECTIONS = 100;
const RELOAD_EVERY_MS = 12_000;
const REQUEST = 'GET /go HTTP/1.1\r\nHost: short.test\r\n\r\n';

/** Prints the counts. */
export async function run(): Promise<boolean> {
  const app = await startApp({ workers: 2, dataDir: tempFolder() });
  const pool = openPool(new URL(app.url));
  const count = { started: 0, answered: 0, failed: 0, longestMs: 0 };
  const ask = async (): Promise<void> => {
    const startedMs = performance.now();
    try {
      const socket = await pool.take();
      socket.write(REQUEST);
      const text = await nextAnswer(socket);
      if (!text.startsWith('HTTP/1.1 302') || !text.endsWith('\r\n\r\n'))
        throw new Error(`no redirect: ${text.slice(0, 40)}`);
      count.answered += 1;
      count.longestMs = Math.max(count.longestMs, performance.now() - startedMs);
      pool.giveBack(socket, /^connection: close/im.test(text));
    } catch (error) {
      count.failed += 1;
      if (count.failed < 5) print(`${(error as Error).message}`);
    }
  };

  const reloads = setInterval(() => app.child.kill('SIGHUP'), RELOAD_EVERY_MS);
  const startedMs = performance.now();
  const asked: Promise<void>[] = [];
  while (count.started < PER_S * SECONDS) {
    const due = Math.min(PER_S * SECONDS, Math.floor(((performance.now() - startedMs) / 1000) * PER_S));
    for (; count.started < due; count.started += 1) asked.push(ask());
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  clearInterval(reloads);
  await Promise.all(asked);
  pool.close();
  await app.stop();
  print(
    `${count.started} requests started, ${count.answered} answered, ${count.failed} failed, the slowest took ${count.longestMs.toFixed(0)} ms`,
  );
  return count.failed === 0 && count.answered === count.started;
}

/** Kept-alive connections, each used by one request at a time. */
function openPool({ hostname, port }: URL) {
  const idle: Socket[] = [];
  const waiting: (() => void)[] = [];
  let connections = 0;
  const take = async (): Promise<Socket> => {
    // The one that has waited longest, so that none is left until the server gives it up.
    const known = idle.shift();
    if (known) return known;
    if (connections >= CONNECTIONS) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return take();
    }
    connections += 1;
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    // An idle connection that is closed is no failed request; one in use counts where it is used.
    socket.on('error', () => {});
    socket.once('close', () => {
      const at = idle.indexOf(socket);
      if (at === -1) return;
      idle.splice(at, 1);
      connections -= 1;
    });
    return socket;
  };
  const giveBack = (socket: Socket, isClosing: boolean): void => {
    if (isClosing) {
      connections -= 1;
      socket.destroy();
    } else idle.push(socket);
    waiting.shift()?.();
  };
  const close = (): void => {
    for (const socket of idle) socket.destroy();
  };
  return { take, giveBack, close };
}

/** What arrives next on a connection; empty when it ends instead. */
function nextAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    const done = (chunk?: Buffer | Error): void => {
      for (const event of ['data', 'close', 'error']) socket.removeListener(event, done);
      resolve(chunk instanceof Buffer ? chunk.toString() : '');
    };
    for (const event of ['data', 'close', 'error']) socket.once(event, done);
  });
}
