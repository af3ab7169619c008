// `report --baseline`: a run folder, a pinned name, or the name of a run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine, type Invocation } from '../../model/command-line.ts';
import { readRun } from '../../model/run-folder.ts';
import { UserError } from '../../model/user-error.ts';
import { replaceFile } from '../../model/write-run.ts';

const pinsFile = 'baselines.json';

/** Pins the run as the baseline of that name, in a file beside the run folders; replaces an earlier pin. */
export function pinBaseline(dir: string, name: string): void {
  const { id } = readRun(dir);
  const file = join(dirname(dir), pinsFile);
  replaceFile(file, `${JSON.stringify({ ...readPins(file), [name]: id }, null, 1)}\n`);
}

/** The folder of a baseline: a path, a pinned name, or the latest complete run of that name beside the candidate. */
export function findBaseline(asked: string, candidate: string, invocation: Invocation): string {
  if (existsSync(join(asked, 'run.json'))) return asked;
  const runs = dirname(candidate);
  const pinned = readPins(join(runs, pinsFile))[asked];
  if (pinned !== undefined) {
    if (existsSync(join(runs, pinned, 'run.json'))) return join(runs, pinned);
    throw new UserError(
      `--baseline ${asked} is pinned to ${pinned}, which is no longer in ${runs}. Pin another run with --pin ${asked}`,
    );
  }
  const named = readdirSync(runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(runs, entry.name, 'run.json')))
    .map((entry) => ({ dir: join(runs, entry.name), run: readRun(join(runs, entry.name)) }))
    .filter(({ run, dir }) => run.name === asked && run.status === 'complete' && dir !== join(candidate))
    .sort((a, b) => (a.run.startedAt < b.run.startedAt ? 1 : -1));
  if (named[0]) return named[0].dir;
  const pin = commandLine(invocation, 'report', [join(runs, 'ID'), '--pin', asked]);
  throw new UserError(
    `--baseline ${asked} is not a run folder, a pinned name or the name of a complete run in ${runs}. Pin a run: ${pin}`,
  );
}

function readPins(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError(`${file} is not JSON. Fix or delete it`, { cause });
  }
}
