// kill -9 of the harness, of a generator and of the target during a run, at random moments: no completed second may be lost.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readLines, readRun } from '../../model/run-folder.ts';
import { writeReport } from '../../reports/write.ts';
import { childrenOf, root, tempFolder } from '../program.ts';
import { print } from '../rounds.ts';

export const claim = 'kill -9 of harness, generator or target, 20 times at random moments: lost: 0 completed seconds';

const rounds = 20;
const victims = ['harness', 'generator', 'target'] as const;
/** A second that ended so shortly before the kill counts as the last one, which may be lost. */
const lastMs = 250;

function startHarness(out: string): ChildProcess {
  const profile = join(out, 'profile.json');
  const stages = [{ kind: 'closed', name: 'load', connections: 4, durationS: 60 }];
  writeFileSync(profile, JSON.stringify({ name: 'kill', stages }));
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
    const seconds = join(out, 'runs', id ?? '', 'seconds.jsonl');
    if (id !== undefined && existsSync(seconds) && readFileSync(seconds, 'utf8').includes('"kind":"load"'))
      return join(out, 'runs', id);
  }
}

/** The harness's own child that runs a program. */
function childPid(parent: number, program: string): number {
  const runs = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program);
  const found = childrenOf(parent).find(runs);
  if (found === undefined) throw new Error(`the harness has no ${program}`);
  return found;
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

type Line = { readonly startMs: number; readonly endMs: number };

/** The whole seconds of load before the kill that no line covers. On a busy machine a line is late, and then longer than a second. */
export function lostSeconds(lines: readonly Line[], killedAt: number): number {
  const lateMs = Math.max(0, ...lines.map(({ startMs, endMs }) => endMs - startMs - 1000));
  const ends = [...lines.slice(1).map(({ startMs }) => startMs), killedAt - lastMs - lateMs];
  const gapsMs = lines.map(({ endMs }, index) => (ends[index] as number) - endMs);
  // Between two lines a whole second is missing or none; the last one may have been under way.
  return gapsMs.reduce(
    (sum, ms, index) => sum + Math.max(0, index < lines.length - 1 ? Math.round(ms / 1000) : Math.floor(ms / 1000)),
    0,
  );
}

/** Kills one victim and returns how many completed seconds are not on disk. */
async function round(victim: (typeof victims)[number]): Promise<number> {
  const out = tempFolder();
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
  const lines: Line[] = [];
  for await (const line of readLines(dir))
    if (line.kind === 'load')
      lines.push({ startMs: Date.parse(line.at), endMs: Date.parse(line.at) + line.durationS * 1000 });
  const lost = lostSeconds(lines, killedAt);
  const { port } = new URL(readRun(dir).target.url);
  const problems = [
    ...(victim !== 'harness' && code !== 4 ? [`exit code ${code}, not 4`] : []),
    ...(judged.verdict !== 'no-verdict' ? [`the report says ${judged.verdict}`] : []),
    ...((await free(Number(port))) ? [] : [`port ${port} is still taken`]),
  ];
  const afterS = ((killedAt - (lines[0]?.startMs ?? killedAt)) / 1000).toFixed(2);
  print(`${victim.padEnd(9)} killed after ${afterS} s: ${[`lost ${lost}`, ...problems].join(', ')}`);
  return lost + problems.length;
}

/** Prints each round. */
export async function run(): Promise<boolean> {
  let lost = 0;
  for (let number = 0; number < rounds; number++)
    lost += await round(victims[number % victims.length] as (typeof victims)[number]);
  print(`lost: ${lost} completed seconds`);
  return lost === 0;
}
