// The faults of `npm run torture`, each with what must hold under it.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { endGroup } from '../../loadtest/generators/child.ts';
import type { Bench } from '../benches.ts';
import { childrenOf } from '../program.ts';
import { answer, type Harness, type HarnessFault, harnessRun } from './harness-run.ts';

/** Resolves with what does not hold; `at` is from 0 to 1, drawn from the seed. */
export type Fault = { readonly holds: string; run(at: number): Promise<readonly string[]> };

const open = ['--rate', '50', '--duration', '6'];
const closed = ['--connections', '4', '--duration', '6'];
const pause = (at: number) => wait(2000 * at);
const onHarness = (holds: string, fault: (at: number) => HarnessFault): Fault => ({
  holds,
  run: (at) => harnessRun(fault(at)),
});

function signal(name: NodeJS.Signals, exitCode: number): Fault {
  return onHarness('the load ends, the run is saved and reported', (at) => ({
    flags: open,
    exitCode,
    inject: ({ child }) => pause(at).then(() => child.kill(name)),
  }));
}

function signalToShell(name: NodeJS.Signals): Fault {
  return onHarness('the load ends, the run is saved and reported', (at) => ({
    // Longer than the fault is waited for: a load that goes on is lost.
    flags: ['--rate', '50', '--duration', '45'],
    exitCode: undefined,
    under: 'npm in a shell',
    inject: async ({ child }) => {
      await pause(at);
      const late = setTimeout(() => endGroup(child), 20_000);
      child.kill(name);
      child.once('close', () => clearTimeout(late));
    },
  }));
}

/** Bytes until the disk takes no more. */
function fill({ child, out }: Harness): void {
  const file = openSync(`/proc/${child.pid}/root${out}/ballast`, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

/** As a laptop that is closed, or a debugger. */
async function stopFor(ms: number, pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await wait(ms);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

/** From the fiftieth request on; the checks before the load see a target as it should be. */
const later =
  (serve: HarnessFault['serve']): HarnessFault['serve'] =>
  (socket, request) =>
    request < 50 ? socket.write(answer) : serve?.(socket, request);

let mostMiB = 0;

export const faults: Readonly<Record<string, Fault>> = {
  'harness SIGTERM': signal('SIGTERM', 143),
  'harness SIGHUP (the terminal closes)': signal('SIGHUP', 129),
  'SIGTERM to the shell around npm': signalToShell('SIGTERM'),
  'SIGKILL to the shell around npm': signalToShell('SIGKILL'),
  'disk full': onHarness('the run ends with no verdict, saved and reported', (at) => ({
    flags: open,
    exitCode: 4,
    under: 'a disk of its own',
    inject: (harness) => pause(at).then(() => fill(harness)),
  })),
  'harness and generators stand still for 3 s': onHarness('no verdict', (at) => ({
    flags: open,
    exitCode: 4,
    inject: ({ child }) => pause(at).then(() => stopFor(3000, [child.pid ?? 0, ...childrenOf(child.pid ?? 0)])),
  })),
  'no space for a run': onHarness('one sentence, and no run', () => ({
    flags: open,
    exitCode: 2,
    under: 'a full disk',
  })),
  'target falls silent': onHarness('the run ends with no verdict', () => ({
    flags: open,
    exitCode: 4,
    serve: later(() => {}),
  })),
  'target never answers': onHarness('one sentence, and no run', () => ({ flags: open, exitCode: 2, serve: () => {} })),
  'target resets every connection': onHarness('the run ends with no verdict', () => ({
    flags: open,
    exitCode: 4,
    serve: later((socket) => socket.resetAndDestroy()),
  })),
  'target switches protocols': onHarness('the run ends with no verdict', () => ({
    flags: closed,
    exitCode: 4,
    serve: later((socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')),
  })),
  'target answers unasked': onHarness('the run ends with no verdict', () => ({
    flags: closed,
    exitCode: 4,
    serve: later((socket) => socket.write(answer.repeat(3))),
  })),
  'target with endless bodies': {
    holds: 'no verdict, and no process of the harness takes more than 400 MiB',
    run: async () => [
      ...(await harnessRun({
        flags: closed,
        exitCode: 4,
        serve: later((socket) => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n');
          const more = (): unknown =>
            !socket.destroyed && socket.write(Buffer.alloc(1 << 20), () => setTimeout(more, 5));
          more();
        }),
        inject: async ({ child }) => {
          mostMiB = 0;
          while (child.exitCode === null) {
            mostMiB = Math.max(mostMiB, ...[child.pid ?? 0, ...childrenOf(child.pid ?? 0)].map(memoryMiB));
            await wait(200);
          }
        },
      })),
      ...(mostMiB < 400 ? [] : [`${Math.round(mostMiB)} MiB`]),
    ],
  },
  'too few open files': onHarness('one sentence, and no run', () => ({
    flags: ['--connections', '400', '--duration', '6'],
    exitCode: 2,
    under: 'few open files',
  })),
  'live page: GET // and strangers': onHarness('the run goes on to its end', () => ({
    // Closed: on a busy machine open stages have no verdict.
    flags: [...closed, '--ui'],
    exitCode: 0,
    inject: ({ said }) => {
      const { port, host } = new URL(/http:\S+/.exec(said())?.[0] ?? '');
      for (const head of ['GET //', 'GET http://[', 'OPTIONS *', 'CONNECT :'])
        connect(Number(port), '127.0.0.1')
          .on('error', () => {})
          .end(`${head} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    },
  })),
  'kill -9 of harness, generator, target': bench('stress/kill'),
  'malformed answers': bench('engines/answers'),
  'kill -9 of the shortener': bench('shortener/shortener-crashes'),
  'bad requests to the shortener': bench('shortener/shortener-abuse'),
};

function bench(file: string): Fault {
  return {
    holds: `bench ${file.replace(/^.*\//, '')}`,
    run: async () => {
      const { run }: Bench = await import(new URL(`../${file}.ts`, import.meta.url).href);
      return (await run()) ? [] : ['its claim does not hold'];
    },
  };
}

function memoryMiB(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
