// Scopes of systemd: the only place below its root where the controllers of our groups are left alone. Elsewhere `systemctl daemon-reload` or
// the end of a unit with a CPUWeight takes them away, and the quotas with them. https://systemd.io/CGROUP_DELEGATION/
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { slowness } from '../generators/child.ts';
import { isStale } from './group-name.ts';

/** Keeps the scope $1 until the harness is gone (its pipe ends), however that came, and then ends all that is left in it. */
const keep = 'echo ready; cat >/dev/null; exec systemctl kill --signal=KILL "$1"';
const startLimitMs = 10_000;

/**
 * Starts a delegated scope beside systemd's own slices; `weight` (1 to 10,000; a slice has 100) is its claim to CPU time beside them. It ends
 * with this process. Throws an error with what systemd-run said.
 */
export async function openScope(name: string, weight: number): Promise<void> {
  const properties = ['Delegate=yes', `CPUWeight=${weight}`].flatMap((each) => ['-p', each]);
  const unit = ['--scope', '--quiet', '--collect', `--unit=${name}`, '--slice=-.slice', ...properties];
  const keeper = spawn('systemd-run', [...unit, '--', '/bin/sh', '-c', keep, 'sh', name], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C at a terminal reaches the harness alone.
    detached: true,
  });
  await becomeReady(keeper);
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stdout, keeper.stderr]) (stream as unknown as { unref(): void }).unref();
}

/** Ends the scopes of harnesses that are gone, with all processes in them. `tree`: the root of systemd's groups. */
export async function endStaleScopes(tree: string): Promise<void> {
  const stale = readdirSync(tree).filter((name) => name.endsWith('.scope') && isStale(name));
  for (const name of stale) {
    await promisify(execFile)('systemctl', ['kill', '--signal=KILL', name]).catch((error: unknown) => {
      // Its keeper was about to end it.
      if (existsSync(join(tree, name))) throw error;
    });
  }
}

function becomeReady(keeper: ChildProcess): Promise<void> {
  let said = '';
  keeper.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    const limitMs = startLimitMs * slowness();
    const late = setTimeout(() => {
      keeper.kill();
      reject(new Error(`no answer within ${limitMs / 1000} s`));
    }, limitMs);
    const fail = (why: string) => {
      clearTimeout(late);
      reject(new Error(said.trim() || why));
    };
    keeper.once('error', (error) => fail(error.message));
    keeper.once('close', (code, signal) => fail(`${signal ?? `exit ${code}`}`));
    keeper.stdout?.once('data', () => {
      clearTimeout(late);
      resolve();
    });
  });
}
