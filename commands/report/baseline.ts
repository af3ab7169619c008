// `report --baseline`: a run folder, a pinned name, or the name of a run.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { commandLine, type Invocation } from '../../model/command-line.ts';
import { readRun, readWhole } from '../../model/run-folder.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { UserError } from '../../model/user-error.ts';
import { replaceFile } from '../../model/write-run.ts';

const pinsFile = 'baselines.json';

/** Pins the run as the baseline of that name, in a file beside the run folders; replaces an earlier pin. */
export function pinBaseline(dir: string, name: string): void {
  const { id } = readRun(dir);
  const file = join(dirname(dir), pinsFile);
  const pins = Object.fromEntries(new Map(readPins(file)).set(name, id));
  replaceFile(file, `${JSON.stringify(pins, null, 1)}\n`);
}

/** The names under which the runs of a folder are pinned, by run id. Throws a UserError for a broken file of pins. */
export function pinnedNames(runs: string): ReadonlyMap<string, readonly string[]> {
  const pins = [...readPins(join(runs, pinsFile))];
  return new Map(pins.map(([, id]) => [id, pins.filter((pin) => pin[1] === id).map(([name]) => name)]));
}

/** The folder of a baseline: a path, a pinned name, or the latest complete run of that name beside the candidate. */
export function findBaseline(asked: string, candidate: string, invocation: Invocation): string {
  if (existsSync(join(asked, 'run.json'))) return asked;
  const runs = dirname(candidate);
  const pinned = readPins(join(runs, pinsFile)).get(asked);
  if (pinned !== undefined) {
    if (existsSync(join(runs, pinned, 'run.json'))) return join(runs, pinned);
    throw new UserError(
      `--baseline ${asked} is pinned to ${pinned}, which is no longer in ${runs}. Pin another run with --pin ${asked}`,
    );
  }
  const named = readdirSync(runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({ dir: join(runs, entry.name), run: recordIn(join(runs, entry.name)) }))
    .flatMap(({ dir, run }) =>
      run?.name === asked && run.status === 'complete' && dir !== join(candidate) ? [{ dir, run }] : [],
    )
    .sort((a, b) => (a.run.startedAt < b.run.startedAt ? 1 : -1));
  if (named[0]) return named[0].dir;
  const pin = commandLine(invocation, 'report', [join(runs, 'ID'), '--pin', asked]);
  throw new UserError(
    `--baseline ${asked} is not a run folder, a pinned name or the name of a complete run in ${runs}. Pin a run: ${pin}`,
  );
}

/** The record of a run; undefined where the folder is none, or its record cannot be read. */
export function recordIn(dir: string): RunRecord | undefined {
  try {
    return readRun(dir);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const pinsSchema = z.record(z.string(), z.string());

/** A map: names like `constructor` are names like others. */
function readPins(file: string): ReadonlyMap<string, string> {
  if (!existsSync(file)) return new Map();
  try {
    const value = JSON.parse(readWhole(file));
    pinsSchema.parse(value);
    // The schema leaves `__proto__` out.
    return new Map(Object.entries(value as Record<string, string>).filter(([, id]) => typeof id === 'string'));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${file} is not a JSON object of names and run ids. Fix or delete it`, { cause });
  }
}
