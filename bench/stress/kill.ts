// kill -9 of the harness, of a generator and of the target in mid-run, at random moments: no completed second may be lost.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readLines, readRun } from '../../model/run-folder.ts';
import { writeReport } from '../../reports/write.ts';

export const claim = 'kill -9 of harness, generator or target, 20 times at random moments: lost: 0 completed seconds';

const rounds = 20;
const victims = ['harness', 'generator', 'target'] as const;
const root = fileURLToPath(new URL('../..', import.meta.url));
/** A second that ended so shortly before the kill counts as the last one, which may be lost. */
const lastMs = 250;

function startHarness(out: string): ChildProcess {
  const profile = join(out, 'profile.json');
  writeFileSync(
    profile,
    JSON.stringify({
      name: 'kill',
      description: '',
      stages: [{ kind: 'closed', name: 'load', connections: 4, durationS: 60 }],
    }),
  );
  return spawn(
    process.execPath,
    ['--import', 'tsx', 'cli.ts', 'stress', '--profile', profile, '--out', join(out, 'runs'), '--quiet'],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

/** The run's folder, once its first second of load is on disk. */
async function runFolder(out: string): Promise<string> {
  for (;;) {
    await wait(20);
    const id = existsSync(join(out, 'runs')) ? readdirSync(join(out, 'runs'))[0] : undefined;
    if (id !== undefined && readFileSync(join(out, 'runs', id, 'seconds.jsonl'), 'utf8').includes('"kind":"load"'))
      return join(out, 'runs', id);
  }
}

/** The harness's own children by what they run. */
function childPid(parent: number, program: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (
        new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program)
      )
        return Number(pid);
    } catch (error) {
      // A process that went away while it was looked at.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  throw new Error(`the harness has no ${program}`);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function free(port: number): Promise<boolean> {
  for (let tries = 0; tries < 250; tries++) {
    if (!(await listens(port))) return true;
    await wait(20);
  }
  return false;
}

/** Kills one victim and returns how many completed seconds are not on disk. */
async function round(victim: (typeof victims)[number]): Promise<number> {
  const out = mkdtempSync(join(tmpdir(), 'headroom-kill-'));
  const harness = startHarness(out);
  const ended = once(harness, 'exit');
  const dir = await runFolder(out);
  await wait(Math.random() * 3000);
  const pid =
    victim === 'harness'
      ? (harness.pid as number)
      : childPid(harness.pid as number, victim === 'generator' ? 'loadtest/generators/generator' : 'app/server');
  const killedAt = Date.now();
  process.kill(pid, 'SIGKILL');
  const [code] = await ended;
  const { judged } = await writeReport(dir);
  const seconds: number[] = [];
  for await (const line of readLines(dir)) if (line.kind === 'load') seconds.push(Date.parse(line.at));
  const first = Math.min(...seconds);
  const completed = Math.floor((killedAt - lastMs - first) / 1000);
  const there = new Set(seconds.filter((at) => at < killedAt).map((at) => Math.round((at - first) / 1000)));
  const lost = Array.from({ length: completed }, (_, second) => second).filter((second) => !there.has(second)).length;
  const { port } = new URL(readRun(dir).target.url);
  const problems = [
    ...(victim !== 'harness' && code !== 4 ? [`exit code ${code}, not 4`] : []),
    ...(judged.verdict !== 'no-verdict' ? [`the report says ${judged.verdict}`] : []),
    ...((await free(Number(port))) ? [] : [`port ${port} is still taken`]),
  ];
  process.stdout.write(
    `   ${victim.padEnd(9)} killed after ${((killedAt - first) / 1000).toFixed(2)} s: lost ${lost}${problems.map((problem) => `, ${problem}`).join('')}\n`,
  );
  rmSync(out, { recursive: true, force: true });
  return lost + problems.length;
}

/** Prints each round. */
export async function run(): Promise<boolean> {
  let lost = 0;
  for (let number = 0; number < rounds; number++)
    lost += await round(victims[number % victims.length] as (typeof victims)[number]);
  process.stdout.write(`   lost: ${lost} completed seconds\n`);
  return lost === 0;
}
