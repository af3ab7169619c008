// `report --baseline`: a run folder, or a name that was pinned to one, or that a run was given.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRun, replaceFile } from '../../model/run-folder.ts';
import { UserError } from '../../model/user-error.ts';

const pinsFile = 'baselines.json';

/** Remembers the run as the baseline of that name, beside the run folders; an earlier one of that name is let go. */
export function pinBaseline(dir: string, name: string): void {
  const { id } = readRun(dir);
  const file = join(dirname(dir), pinsFile);
  replaceFile(file, `${JSON.stringify({ ...readPins(file), [name]: id }, null, 1)}\n`);
}

/** The folder that is meant: a path, a pinned name, or the latest whole run of that name beside the candidate. */
export function findBaseline(asked: string, candidate: string): string {
  if (existsSync(join(asked, 'run.json'))) return asked;
  const runs = dirname(candidate);
  const pinned = readPins(join(runs, pinsFile))[asked];
  if (pinned !== undefined) {
    if (existsSync(join(runs, pinned, 'run.json'))) return join(runs, pinned);
    throw new UserError(
      `--baseline ${asked} is pinned to ${pinned}, which is not in ${runs} any more: pin another with --pin`,
    );
  }
  const named = readdirSync(runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(runs, entry.name, 'run.json')))
    .map((entry) => ({ dir: join(runs, entry.name), run: readRun(join(runs, entry.name)) }))
    .filter(({ run, dir }) => run.name === asked && run.status === 'complete' && dir !== join(candidate))
    .sort((a, b) => (a.run.startedAt < b.run.startedAt ? 1 : -1));
  if (named[0]) return named[0].dir;
  throw new UserError(
    `--baseline ${asked} is no run folder, no pinned name and no name of a whole run in ${runs}: pin one with report RUN --pin ${asked}`,
  );
}

function readPins(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError(`${file} is not JSON: mend it or remove it`, { cause });
  }
}
