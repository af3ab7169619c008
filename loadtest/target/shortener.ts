// The app under test as a process of its own, started for one run and stopped whatever happens.
import type { ChildProcess } from 'node:child_process';
import type { Finding } from '../../model/finding.ts';
import { UserError } from '../../model/user-error.ts';
import { endGroup, endProcess, forkProgram, slowness } from '../generators/child.ts';
import { loadFinding } from '../messages.ts';
import type { StartedApp } from './started-app.ts';

/** Messages of the app over its IPC channel (app/server.ts). */
type Ready = { readonly type: 'ready'; readonly url: string; readonly pids: readonly number[] };
type FromApp = Ready | { readonly type: 'app-usage'; readonly pid: number; readonly eventLoopUtilization: number };

/** Longest that the app may take until it listens, on a machine of the usual speed. */
const usualStartMs = 15_000;

type StartOptions = {
  /** Default: one that is free. */
  readonly port?: string;
  readonly dataDir: string;
  readonly workers: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly sessionSecret: string;
  /** Files of control groups that it enters. */
  readonly enter?: readonly string[];
};

/** Starts the shortener on a loopback port with its data in `dataDir`. When it fails, the UserError has what it wrote to stderr. */
export async function startShortener(options: StartOptions): Promise<Required<StartedApp>> {
  let current = await startOnce(options);
  const { url } = current;
  let follow = (): void => {};
  const died = new Promise<Finding>((resolve) => {
    follow = () => void current.died.then(resolve);
  });
  follow();
  return {
    url,
    died,
    pids: () => current.pids(),
    eventLoopUtilization: () => current.eventLoopUtilization(),
    restart: async () => {
      await current.stop();
      current = await startOnce({ ...options, port: new URL(url).port });
      follow();
    },
    stop: () => current.stop(),
  };
}

async function startOnce(options: StartOptions): Promise<Required<Omit<StartedApp, 'restart'>>> {
  const child = forkProgram('app/server', environmentOf(options), [], options.enter);
  child.stdout?.resume();
  const output = lastOutput(child);
  const usage = new Map<number, { at: number; utilization: number }>();
  let stopping = false;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      endGroup(child);
      resolve(signal ?? `exit ${code}`);
    });
  });
  child.on('message', (message: FromApp) => {
    if (message.type === 'app-usage')
      usage.set(message.pid, { at: Date.now(), utilization: message.eventLoopUtilization });
  });
  const { url, pids } = await becomeReady(child, exited, output);
  return {
    url,
    pids: () => pids,
    eventLoopUtilization: () => {
      const fresh = [...usage.values()].filter((each) => Date.now() - each.at < 3000).map((each) => each.utilization);
      return fresh.length === 0 ? undefined : Math.max(...fresh);
    },
    died: new Promise((resolve) => {
      void exited.then((how) => {
        if (!stopping) resolve(loadFinding('shortener-exited', { how, output: output() }));
      });
    }),
    stop: () => {
      stopping = true;
      return endProcess(child, 10_000 * slowness());
    },
  };
}

function environmentOf({ environment, port = '0', dataDir, workers, sessionSecret }: StartOptions): NodeJS.ProcessEnv {
  return {
    ...environment,
    PORT: port,
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    WORKERS: String(workers),
    SESSION_SECRET: sessionSecret,
    CREATE_LIMIT: '0',
    NODE_ENV: 'production',
  };
}

/** The end of what a process has written to stderr so far. */
function lastOutput(child: ChildProcess): () => string {
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  });
  return () => output.trim();
}

function becomeReady(child: ChildProcess, exited: Promise<string>, output: () => string): Promise<Ready> {
  const failure = (what: string) => new UserError(`the shortener did not start ${what}: ${output() || 'no output'}`);
  const limitMs = usualStartMs * slowness();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      void endProcess(child, 1000);
      reject(failure(`within ${limitMs / 1000} s`));
    }, limitMs);
    const onMessage = (message: FromApp): void => {
      if (message.type !== 'ready') return;
      clearTimeout(late);
      child.off('message', onMessage);
      resolve(message);
    };
    child.on('message', onMessage);
    void exited.then((how) => {
      clearTimeout(late);
      reject(failure(`(${how})`));
    });
  });
}
