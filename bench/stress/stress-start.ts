// From the start of `npm run stress`, with nothing said, until its first stage begins: by then the preflight has sent its requests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../program.ts';
import { inTurn, median, print } from '../rounds.ts';

export const claim =
  'from the start of `npm run stress`, npm included, to the begin of its first stage, after the first requests: < 2 s; median of 7';

const starts = 7;
const limitMs = 20_000;

/** When the first stage of the run in `out` began, as soon as its line is on disk. */
async function firstStage(out: string): Promise<number> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; ) {
    const [folder = 'none'] = readdirSync(out);
    const file = join(out, folder, 'seconds.jsonl');
    const [line, more] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (line !== undefined && more !== undefined) return Date.parse(JSON.parse(line).startedAt);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no stage began within ${limitMs / 1000} s`);
}

async function startOnce(): Promise<number> {
  const out = tempFolder();
  const startedAt = Date.now();
  const npm = spawn('npm', ['run', '-s', 'stress', '--', '--out', out], { stdio: 'ignore', detached: true });
  const ended = once(npm, 'exit');
  try {
    return (await firstStage(out)) - startedAt;
  } finally {
    // As Ctrl-C does: the whole group.
    process.kill(-(npm.pid as number), 'SIGINT');
    await ended;
  }
}

/** Prints each start. */
export async function run(): Promise<boolean> {
  const { taken } = await inTurn(starts, { taken: startOnce });
  print(`${taken.join(', ')} ms; median ${median(taken)} ms`);
  return median(taken) < 2000;
}
