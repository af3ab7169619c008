// The CPU time a request that a run reports of an app that was running before it, alone and beside another program that takes all the CPU it gets.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRun } from '../../model/run-folder.ts';
import { output, type Program, startApp, tempFolder } from '../program.ts';
import { inTurn, median, medianRatio, print } from '../rounds.ts';

export const claim =
  "CPU of a local target (--target) a request: beside a hog of another program, on other cores, within 3 % of the same without it, and within 3 % of the kernel's count of its processes (medians of 5 pairs)";

const mostOff = 0.03;
const rounds = 5;
const durationS = 8;

type Cost = { readonly reportedUs: number; readonly countedUs: number };

/** Prints both figures, alone and beside the hog. */
export async function run(): Promise<boolean> {
  const app = await startApp({ workers: 1, dataDir: tempFolder(), cores: '0' });
  const out = tempFolder();
  let count = 0;
  try {
    const found = await inTurn(rounds, {
      alone: () => measure(app, join(out, `${++count}`)),
      beside: async () => {
        // On one core with it, requests cost more: their code and data are fetched again after each of its turns.
        const hog = spawn('taskset', ['-c', '1-63', '/bin/sh', '-c', 'while :; do :; done'], { stdio: 'ignore' });
        return measure(app, join(out, `${++count}`)).finally(() => hog.kill('SIGKILL'));
      },
    });
    const reported = (costs: readonly Cost[]) => costs.map(({ reportedUs }) => reportedUs);
    const counted = (costs: readonly Cost[]) => costs.map(({ countedUs }) => countedUs);
    const times = medianRatio(reported(found.beside), reported(found.alone));
    const ofKernel = medianRatio(reported(found.beside), counted(found.beside));
    print(
      `alone ${median(reported(found.alone)).toFixed(1)} us a request, beside a hog ${median(reported(found.beside)).toFixed(1)} us (${times.toFixed(3)} times); ${ofKernel.toFixed(3)} times the kernel's count beside it`,
    );
    return Math.abs(times - 1) <= mostOff && Math.abs(ofKernel - 1) <= mostOff;
  } finally {
    await app.stop();
  }
}

/** The kernel's count spans the whole command: its first requests and its rest are in it, which one in a thousand of the load are. */
async function measure(app: Program, out: string): Promise<Cost> {
  const before = app.cpuS();
  const load = ['--connections', '8', '--duration', String(durationS), '--threshold', 'errors.rate < 1%'];
  const words = ['--import', 'tsx', 'cli.ts', 'stress', '--target', app.url, '--quiet', '--out', out, ...load];
  await output(process.execPath, ...words).catch((error: { readonly code?: unknown }) => {
    // Without a verdict beside a hog; the figures are there all the same.
    if (error.code !== 4) throw error;
  });
  const used = app.cpuS() - before;
  const { stages } = readRun(join(out, readdirSync(out).find((name) => /^\d/.test(name)) ?? ''));
  const answered = stages.reduce((sum, { requests }) => sum + requests.completed, 0);
  const measured = stages.find(({ role }) => role === 'measured');
  if (measured?.appCpuS === undefined) throw new Error('the run does not know the CPU time of the target');
  return {
    reportedUs: (1e6 * measured.appCpuS) / measured.requests.completed,
    countedUs: (1e6 * used) / answered,
  };
}
