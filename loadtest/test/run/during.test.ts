import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runDuring } from '../../run/during.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'during-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = (signal = new AbortController().signal) => ({
  logFile: join(folder, 'during.log'),
  environment: process.env,
  signal,
});

describe('runDuring', () => {
  test('runs a shell line, keeps what it says, tells its exit code and time', async () => {
    const result = await runDuring('echo built && echo oops >&2; exit 3', options());
    expect(result).toMatchObject({ line: 'echo built && echo oops >&2; exit 3', exitCode: 3 });
    expect(result).not.toHaveProperty('signal');
    expect(result.durationS).toBeGreaterThan(0);
    expect(readFileSync(join(folder, 'during.log'), 'utf8').split('\n').sort()).toEqual(['', 'built', 'oops']);
  });

  test('is over when the line is: a daemon that it starts is not waited for, what stays in its group is ended', async () => {
    const daemon = join(folder, 'daemon');
    // Until it has left the group, it is ended with the rest.
    const line = `setsid sh -c 'echo $$ > "${daemon}"; exec sleep 300' & until [ -s "${daemon}" ]; do sleep 0.01; done; sleep 300 & echo $!`;
    const { durationS, ...result } = await runDuring(line, options());
    const pids = [daemon, options().logFile].map((file) => Number(readFileSync(file, 'utf8')));
    const [left = 0, stayed = 0] = pids;
    const lived = lives(left);
    process.kill(left);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(lived).toBe(true);
    expect(durationS).toBeLessThan(250);
    await until(() => !lives(stayed));
  });

  test('is stopped at once, also where a daemon has its output', async () => {
    const controller = new AbortController();
    const running = runDuring('setsid sleep 300 & echo $!; exec sleep 300', options(controller.signal));
    const daemon = await until(() =>
      Number(readFileSync(join(folder, 'during.log'), { encoding: 'utf8', flag: 'a+' })),
    );
    controller.abort();
    expect(await running).toMatchObject({ signal: 'SIGTERM', stopped: true });
    process.kill(daemon);
  });

  test('is ended with all that it started', async () => {
    const controller = new AbortController();
    const running = runDuring('echo begun; sleep 60 & wait', options(controller.signal));
    while (!readFileSync(join(folder, 'during.log'), { encoding: 'utf8', flag: 'a+' }).includes('begun')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort();
    const result = await running;
    expect(result).toMatchObject({ signal: 'SIGTERM', stopped: true });
    expect(result.durationS).toBeLessThan(30);
  });

  test('counts the CPU time of all its processes, also of short ones', async () => {
    const spin = (ms: number) => `node -e 'while (process.cpuUsage().user < ${ms}e3);'`;
    const { cpuS = 0, durationS } = await runDuring(`${spin(300)} & ${spin(300)}; ${spin(100)}; wait`, options());
    expect(cpuS).toBeGreaterThan(0.7);
    expect(cpuS).toBeLessThan(2 * durationS);
  });

  test('knows no CPU time of a command that had to be killed', async () => {
    const controller = new AbortController();
    const line = "trap '' TERM; echo begun; while :; do sleep 0.05; done";
    const running = runDuring(line, options(controller.signal));
    await until(() => readFileSync(join(folder, 'during.log'), { encoding: 'utf8', flag: 'a+' }).includes('begun'));
    controller.abort();
    const result = await running;
    expect(result).toMatchObject({ signal: 'SIGKILL', stopped: true });
    expect(result).not.toHaveProperty('cpuS');
  });

  test('knows of one that had to be stopped what it was seen to use', async () => {
    const controller = new AbortController();
    const use = { cpuS: 1.5, memoryBytes: 5e6 };
    const running = runDuring('echo begun; exec sleep 60', { ...options(controller.signal), treeUse: () => use });
    await until(() => readFileSync(join(folder, 'during.log'), { encoding: 'utf8', flag: 'a+' }).includes('begun'));
    controller.abort();
    expect(await running).toMatchObject({ signal: 'SIGTERM', stopped: true, ...use });
  });

  test('keeps the most memory that it was seen to use', async () => {
    const { memoryBytes } = await runDuring('sleep 0.6', {
      ...options(),
      treeUse: () => ({ cpuS: 1, memoryBytes: 5e6 }),
    });
    expect(memoryBytes).toBe(5e6);
  });

  test('is ended when the harness is killed', async () => {
    const of = JSON.stringify({ ...options(), environment: { PATH: process.env.PATH }, signal: undefined });
    const code = `import { runDuring } from ${JSON.stringify(new URL('../../run/during.ts', import.meta.url).href)};
      await runDuring('echo $$; exec sleep 300', { ...${of}, signal: new AbortController().signal });`;
    const { NODE_OPTIONS: _, ...env } = process.env;
    const harness = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { env });
    const pid = await until(() => Number(readFileSync(join(folder, 'during.log'), { encoding: 'utf8', flag: 'a+' })));
    expect(lives(pid)).toBe(true);
    // What ends the command is started right after it.
    await until(() => childrenOf(harness.pid ?? 0).some((line) => line.includes('kill -KILL')));
    harness.kill('SIGKILL');
    await until(() => !lives(pid));
  });
});

/** The command lines of the processes that a process has started. */
function childrenOf(pid: number): string[] {
  return readdirSync('/proc').flatMap((entry) => {
    try {
      const [, parent] = /^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8')) ?? [];
      return Number(parent) === pid ? [readFileSync(`/proc/${entry}/cmdline`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

async function until<Value>(condition: () => Value): Promise<Value> {
  for (;;) {
    const value = condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Not as a zombie that nobody has reaped yet. */
function lives(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
