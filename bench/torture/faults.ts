// The faults of `npm run torture`, each with what must hold under it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Bench } from '../benches.ts';
import { childrenOf } from '../program.ts';
import { answer, type HarnessFault, harnessRun } from './harness-run.ts';

/** Resolves with what does not hold; `at` is from 0 to 1, drawn from the seed. */
export type Fault = { readonly holds: string; run(at: number): Promise<readonly string[]> };

const open = ['--rate', '50', '--duration', '6'];
const closed = ['--connections', '4', '--duration', '6'];
const pause = (at: number) => new Promise((resolve) => setTimeout(resolve, 2000 * at));
const onHarness = (holds: string, fault: (at: number) => HarnessFault): Fault => ({
  holds,
  run: (at) => harnessRun(fault(at)),
});

function signal(name: NodeJS.Signals, exitCode: number): Fault {
  return onHarness('the load ends, the run is saved and reported', (at) => ({
    flags: open,
    exitCode,
    inject: (harness) => pause(at).then(() => harness.kill(name)),
  }));
}

const limit = (pid: number | undefined, what: string) =>
  execFileSync('prlimit', ['--pid', String(pid), `--${what}`], { stdio: 'ignore' });

/** From the fiftieth request on; the checks before the load see a target as it should be. */
const later =
  (serve: HarnessFault['serve']): HarnessFault['serve'] =>
  (socket, request) =>
    request < 50 ? socket.write(answer) : serve?.(socket, request);

let mostMiB = 0;

export const faults: Readonly<Record<string, Fault>> = {
  'harness SIGTERM': signal('SIGTERM', 143),
  'harness SIGHUP (the terminal closes)': signal('SIGHUP', 129),
  'disk full': onHarness('the run ends with no verdict, saved and reported', (at) => ({
    flags: open,
    exitCode: 4,
    inject: (harness) =>
      pause(at)
        .then(() => limit(harness.pid, 'fsize=1000000:unlimited'))
        .then(() => fillUp(harness.pid)),
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
        inject: async (harness) => {
          mostMiB = 0;
          while (harness.exitCode === null) {
            mostMiB = Math.max(mostMiB, ...[harness.pid ?? 0, ...childrenOf(harness.pid ?? 0)].map(memoryMiB));
            await pause(0.1);
          }
        },
      })),
      ...(mostMiB < 400 ? [] : [`${Math.round(mostMiB)} MiB`]),
    ],
  },
  'live page: GET // and strangers': onHarness('the run goes on to its end', () => ({
    flags: [...open, '--ui'],
    exitCode: 0,
    inject: (_, said) => {
      const { port, host } = new URL(/http:\S+/.exec(said())?.[0] ?? '');
      for (const head of ['GET //', 'GET http://[', 'OPTIONS *', 'CONNECT :'])
        connect(Number(port), '127.0.0.1')
          .on('error', () => {})
          .end(`${head} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    },
  })),
  'kill -9 of harness, generator, target': bench('stress/kill'),
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

/** The seconds of the run cannot grow: the limit is where they are. */
function fillUp(pid: number | undefined): void {
  limit(pid, 'fsize=1:unlimited');
  setTimeout(() => limit(pid, 'fsize=unlimited:unlimited'), 2500);
}

function memoryMiB(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
