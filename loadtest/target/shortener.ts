// The app under test as a process of its own, started for one run and stopped whatever happens.
import type { Finding } from '../../model/finding.ts';
import { UserError } from '../../model/user-error.ts';
import { endGroup, endProcess, forkProgram } from '../generators/child.ts';
import { loadFinding } from '../messages.ts';

/** Messages of the app over its IPC channel (app/server.ts). */
type FromApp =
  | { readonly type: 'ready'; readonly url: string; readonly pids: readonly number[] }
  | { readonly type: 'app-usage'; readonly pid: number; readonly eventLoopUtilization: number };

export type Shortener = {
  readonly url: string;
  /** Of the processes that answer. */
  pids(): readonly number[];
  /** 0 to 1, of the busiest of its event loops in the last second; undefined before it said so. */
  eventLoopUtilization(): number | undefined;
  /** Resolves when it exits without having been asked to. */
  readonly died: Promise<Finding>;
  stop(): Promise<void>;
};

/** Longest that the app may take until it listens. */
const startLimitMs = 15_000;

/** Starts the shortener on a free loopback port with its data in `dataDir`. What it says on stderr is in the error when it fails. */
export async function startShortener(options: {
  readonly dataDir: string;
  readonly workers: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly sessionSecret: string;
  /** Files of control groups that it enters. */
  readonly enter?: readonly string[];
}): Promise<Shortener> {
  const environment = {
    ...options.environment,
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: options.dataDir,
    WORKERS: String(options.workers),
    SESSION_SECRET: options.sessionSecret,
    CREATE_LIMIT: '0',
    NODE_ENV: 'production',
  };
  const child = forkProgram('app/server', environment, [], options.enter);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  child.stdout?.resume();

  const usage = new Map<number, { at: number; utilization: number }>();
  let pids: readonly number[] = [];
  let stopping = false;
  let onDeath: (finding: Finding) => void = () => {};
  const died = new Promise<Finding>((resolve) => {
    onDeath = resolve;
  });

  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      void endProcess(child, 1000);
      reject(
        new UserError(
          `the shortener did not start within ${startLimitMs / 1000} s: ${said.trim() || 'it printed nothing'}`,
        ),
      );
    }, startLimitMs);
    child.on('message', (message: FromApp) => {
      if (message.type === 'ready') {
        clearTimeout(late);
        pids = message.pids;
        resolve(message.url);
      }
      if (message.type === 'app-usage')
        usage.set(message.pid, { at: Date.now(), utilization: message.eventLoopUtilization });
    });
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      endGroup(child);
      const how = signal ?? `exit ${code}`;
      reject(new UserError(`the shortener did not start (${how}): ${said.trim() || 'it printed nothing'}`));
      if (!stopping) onDeath(loadFinding('shortener-exited', { how, output: said.trim() }));
    });
  });

  return {
    url,
    pids: () => pids,
    eventLoopUtilization: () => {
      const fresh = [...usage.values()].filter((each) => Date.now() - each.at < 3000).map((each) => each.utilization);
      return fresh.length === 0 ? undefined : Math.max(...fresh);
    },
    died,
    stop: () => {
      stopping = true;
      return endProcess(child, 10_000);
    },
  };
}
