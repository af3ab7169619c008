// The runs of a folder: when, what, verdict, size, and under which names they are pinned.
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { flagsOfRecord } from '../../model/command-line.ts';
import { readWhole } from '../../model/run-folder.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { UserError } from '../../model/user-error.ts';
import { pinnedNames, recordIn } from './baseline.ts';

export type KeptRun = {
  readonly id: string;
  readonly dir: string;
  readonly startedAt: string;
  readonly status: RunRecord['status'];
  /** What was loaded: an instance type, with the app that ran on it, or a URL. */
  readonly target: string;
  readonly profile: string;
  /** Of its report; absent where none was written. */
  readonly verdict?: Verdict;
  readonly bytes: number;
  /** The baselines that it is. */
  readonly pinned: readonly string[];
};

const reportSchema = z.object({ judged: z.object({ verdict: z.enum(['pass', 'fail', 'no-verdict']) }) });
type Verdict = z.infer<typeof reportSchema>['judged']['verdict'];

/** The run folders in `runs`, oldest first, and the other folders there. Throws a UserError where there is no such folder. */
export function keptRuns(runs: string): { readonly kept: KeptRun[]; readonly others: string[] } {
  checkFolder(runs);
  const names = pinnedNames(runs);
  const others: string[] = [];
  const kept: KeptRun[] = [];
  // A link is no folder here: what it leads to may be anywhere.
  for (const { name } of readdirSync(runs, { withFileTypes: true }).filter((each) => each.isDirectory())) {
    const dir = join(runs, name);
    const run = recordIn(dir);
    if (run) kept.push(describe(dir, run, names.get(run.id) ?? []));
    else others.push(name);
  }
  return { kept: kept.sort((a, b) => a.startedAt.localeCompare(b.startedAt)), others };
}

/** Throws a UserError where there is no such folder. */
export function checkFolder(runs: string): void {
  if (!statSync(runs, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`there is no folder ${runs}: give the folder of the runs with --out`);
}

function describe(dir: string, run: RunRecord, pinned: readonly string[]): KeptRun {
  const verdict = verdictIn(join(dir, 'report', 'report.json'));
  const { id, startedAt, status } = run;
  const head = { id, dir, startedAt, status, target: targetText(run), profile: run.profile.name };
  return { ...head, ...(verdict && { verdict }), bytes: bytesOf(dir), pinned };
}

/** An app that headroom started has another port each time. */
function targetText({ target, routes, command }: RunRecord): string {
  const { kind, startedByHarness, url, instanceType } = target;
  const started = flagsOfRecord(command, ['app', 'app-dir'])
    .map((word) => ` ${word}`)
    .join('');
  const app = kind === 'shortener' ? 'shortener' : startedByHarness ? `app${started}, ${routes[0]?.path ?? '/'}` : url;
  return instanceType === undefined ? app : `${instanceType}, ${app}`;
}

function verdictIn(file: string): Verdict | undefined {
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readWhole(file));
  } catch (error) {
    // A report that is broken can be made again; the run is there.
    if (error instanceof SyntaxError || error instanceof UserError) return undefined;
    throw error;
  }
  return reportSchema.safeParse(value).data?.judged.verdict;
}

function bytesOf(dir: string): number {
  return readdirSync(dir, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(dir, entry.name);
    return sum + (entry.isDirectory() ? bytesOf(path) : lstatSync(path).size);
  }, 0);
}
