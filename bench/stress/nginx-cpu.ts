// The CPU time of nginx that a run reports, beside what its processes used over the requests that nginx counted: both seen from outside.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readRun } from '../../model/run-folder.ts';
import { findProxyCost } from '../../reports/measured/proxy-cost.ts';
import { childrenOf, root, tempFolder } from '../program.ts';
import { print } from '../rounds.ts';

export const claim =
  "nginx in the path (--with nginx): its CPU per request within 5 % of its processes' CPU over its own count of the load's requests, at 200/s and at full load";

const mostOffPercent = 5;
const loads = {
  '200 requests/s': ['--rate', '200', '--duration', '20'],
  '16 connections': ['--connections', '16', '--duration', '10'],
};

type Sample = { readonly atMs: number; readonly cpuS: number; readonly requests: number };

/** Prints both figures of each load. */
export async function run(): Promise<boolean> {
  let holds = true;
  for (const [name, flags] of Object.entries(loads)) {
    const out = tempFolder();
    const words = ['--import', 'tsx', 'cli.ts', 'stress', '--with', 'nginx', '--quiet', '--out', out, ...flags];
    const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    const samples = await watchNginx(out, ended);
    const [id = ''] = readdirSync(out);
    const run = readRun(join(out, id));
    const reported = findProxyCost(run);
    const stage = run.stages.find(({ role }) => role === 'measured');
    const [from, to] = [stage?.startedAt, stage?.finishedAt].map((at) => Date.parse(at ?? ''));
    // The last before the load, and the last of all: nginx ends soon after it.
    const before = samples.findLast(({ atMs }) => atMs <= (from ?? 0)) ?? samples[0];
    const after = samples.find(({ atMs }) => atMs >= (to ?? 0)) ?? samples.at(-1);
    if (!reported || !before || !after) throw new Error(`nothing was measured with ${name}`);
    // Each look is a request too: at 200/s it would be one in eleven. Its CPU is in both figures.
    const looks = samples.indexOf(after) - samples.indexOf(before);
    const requests = after.requests - before.requests - looks;
    const outsideUs = (1e6 * (after.cpuS - before.cpuS)) / requests;
    const reportedUs = 1e6 * reported.requestS;
    const offPercent = 100 * (reportedUs / outsideUs - 1);
    print(
      `${name}: reported ${reportedUs.toFixed(1)} us, from outside ${outsideUs.toFixed(1)} us over ${requests} requests: ${offPercent.toFixed(2)} % off`,
    );
    holds = holds && Math.abs(offPercent) <= mostOffPercent;
  }
  return holds;
}

/** CPU time of all its processes, and its own count of requests, until the run ends. */
async function watchNginx(out: string, ended: Promise<unknown>): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let over = false as boolean;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    const sample = await look(out);
    if (sample) samples.push(sample);
    await wait(50);
  }
  return samples;
}

/** Undefined where nginx does not run yet, or no longer. */
async function look(out: string): Promise<Sample | undefined> {
  const folder = readdirSync(out).map((id) => join(out, id, 'nginx'))[0];
  if (folder === undefined || !existsSync(join(folder, 'nginx.pid'))) return undefined;
  try {
    const [, status] = [...readFileSync(join(folder, 'nginx.conf'), 'utf8').matchAll(/listen ([^ ;]+)/g)];
    const master = Number(readFileSync(join(folder, 'nginx.pid'), 'utf8'));
    const text = await (await fetch(`http://${status?.[1]}/nginx_status`)).text();
    const cpuS = [master, ...childrenOf(master)].reduce((sum, pid) => sum + schedS(pid), 0);
    const [, , requests] = /(\d+) (\d+) (\d+)/.exec(text)?.slice(1) ?? [];
    return { atMs: Date.now(), cpuS, requests: Number(requests) };
  } catch (error) {
    // It ended meanwhile.
    if (error instanceof TypeError || ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

/** Of a process with one thread, as those of nginx are. */
function schedS(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
}
