import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { damaged, isCrash, linksFile } from '../links/damaged.ts';

/** In the environment of a process that `runApart` has started. */
const MARK = 'HEADROOM_APART';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whether another process waits for this one and reports its crash. */
export function isApart(environment: NodeJS.ProcessEnv): boolean {
  return environment[MARK] !== undefined;
}

/**
 * Runs Node with these words, a command of this program that reads the links, as a process of its own with the streams and signals of this
 * one. Resolves with its exit code. Throws a UserError when it crashed: the file of the links is damaged then.
 */
export async function runApart(
  dataDir: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...words], {
    stdio: 'inherit',
    env: { ...environment, [MARK]: '1' },
  });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  const [code, signal]: [number | null, NodeJS.Signals | null] = (await once(child, 'exit')) as never;
  if (isCrash(signal)) throw damaged(linksFile(dataDir), `the process that read them ended by ${signal}`);
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}
