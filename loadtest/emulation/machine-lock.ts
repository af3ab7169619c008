// One run at a time emulates instances on a machine: two would take CPU time from each other, and both would look slow.
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { NoVerdictError } from '../../model/user-error.ts';
import { slowness } from '../generators/child.ts';

/** An abstract socket (unix(7)): no file, any user may take it, and it is free again when its process ends, however that ends. */
const usualName = 'headroom-emulation';
const patienceMs = 10_000;
const retryMs = 200;
const usualAnswerMs = 1000;

/** Takes the lock until this process ends, or until the function that it returns is called. Throws a NoVerdictError when another has it. */
export async function lockEmulation(limitMs: number = patienceMs, name: string = usualName): Promise<() => void> {
  const address = `\0${name}`;
  const deadline = performance.now() + limitMs;
  for (;;) {
    const server = await tryToListen(address);
    if (server) return () => void server.close();
    if (performance.now() > deadline) break;
    await wait(retryMs);
  }
  const pid = await askPid(address);
  const who = pid === undefined ? 'Another run' : `Another run (process ${pid})`;
  throw new NoVerdictError(
    `${who} emulates instances on this machine, and two runs would disturb each other. Start this one when it has ended`,
  );
}

/** undefined: another process has the address. */
function tryToListen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** The process that has the lock; undefined when it does not answer, or has just ended. */
function askPid(address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(address);
    socket.setTimeout(usualAnswerMs * slowness(), () => socket.destroy());
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said === '' ? undefined : Number(said)));
  });
}
