// `report --list` and `report --prune N`: the runs that there are, and removing the older ones.
import { rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { group } from 'd3-array';
import { runFiles } from '../../model/run-folder.ts';
import { UserError } from '../../model/user-error.ts';
import { formatBytes, formatNumberOf, formatTime } from '../../reports/format/format.ts';
import { verdictWord } from '../../reports/format/outcome.ts';
import { plainLine } from '../../reports/format/plain-text.ts';
import { alignTable, type TextColumn, usualColumns, wrap } from '../../reports/format/wrap.ts';
import { type KeptRun, keptRuns } from './kept-runs.ts';

type Answer = { readonly document: object; readonly text: string };

/** A run that says that it is running, and wrote something within this time, is. */
const aliveS = 600;

/** The command of an app may be long. The document has all of it. */
const widestTarget = 32;

const columnsOfList: readonly TextColumn[] = [
  { head: 'Started', align: 'left', rank: 3 },
  { head: 'Run', align: 'left', rank: 0 },
  { head: 'Target', align: 'left', rank: 1 },
  { head: 'Profile', align: 'left', rank: 4 },
  { head: 'Verdict', align: 'left', rank: 0 },
  { head: 'Size', align: 'right', rank: 2 },
];

/** The runs in a folder, oldest first. */
export function listRuns(dir: string, columns = usualColumns): Answer {
  const { kept, others } = keptRuns(dir);
  const rows = kept.map((run) => [
    formatTime(run.startedAt).slice(0, 16),
    run.id,
    run.target.length > widestTarget ? `${run.target.slice(0, widestTarget - 1)}…` : run.target,
    run.profile,
    `${verdictText(run)}${run.pinned.length > 0 ? ` (baseline ${run.pinned.join(', ')})` : ''}`,
    formatBytes(run.bytes),
  ]);
  const bytes = kept.reduce((sum, run) => sum + run.bytes, 0);
  const lines = [
    ...(kept.length > 0 ? alignTable(columnsOfList, rows, columns) : []),
    `${formatNumberOf(kept.length, 'run')} in ${dir}, ${formatBytes(bytes)}${kept.length > 0 ? '; times are UTC' : ''}`,
    ...othersText(others, columns),
  ];
  return { document: { runs: kept, others, exitCode: 0 }, text: lines.join('\n') };
}

/**
 * Removes what is older than the last `asked` complete runs of each target and profile. Keeps baselines, runs that are under way, and folders
 * that do not have the name of their run. Throws a UserError for a count that is not 1 or more, before anything is removed.
 */
export function pruneRuns(dir: string, asked: string, columns = usualColumns): Answer {
  const keep = Number(asked);
  if (!/^\d{1,9}$/.test(asked) || keep < 1)
    throw new UserError(`--prune ${asked}: give the number of runs to keep of each target, 1 or more`);
  const { kept, others } = keptRuns(dir);
  const kinds = group(kept, ({ target, profile }) => JSON.stringify([target, profile]));
  const old = new Set([...kinds.values()].flatMap((runs) => beforeLast(runs, keep)));
  const removed = kept.filter((run) => old.has(run) && reasonToKeep(run) === undefined);
  const spared = kept.filter((run) => old.has(run) && !removed.includes(run));
  for (const run of removed) rmSync(run.dir, { recursive: true });
  const bytes = removed.reduce((sum, run) => sum + run.bytes, 0);
  const lines = [
    ...removed.map((run) =>
      plainLine(`removed ${run.id} (${run.target}, ${verdictText(run)}, ${formatBytes(run.bytes)})`),
    ),
    ...spared.map((run) => plainLine(`kept ${basename(run.dir)}: ${reasonToKeep(run)}`)),
    `Removed ${formatNumberOf(removed.length, 'run')}, ${formatBytes(bytes)}. Kept ${formatNumberOf(kept.length - removed.length, 'run')}: the last ${keep} complete of each target and profile, with what is newer${spared.length > 0 ? ', and those named above' : ''}`,
    ...othersText(others, columns),
  ];
  const nameOf = ({ id, dir: of, bytes: size }: KeptRun) => ({ id, dir: of, bytes: size });
  const document = { removed: removed.map(nameOf), kept: kept.filter((run) => !removed.includes(run)).map(nameOf) };
  return { document: { ...document, others, exitCode: 0 }, text: lines.join('\n') };
}

/** Only a complete run can stand for those before it: with fewer than `keep` of them nothing is old. */
function beforeLast(runs: readonly KeptRun[], keep: number): readonly KeptRun[] {
  const oldestKept = runs.filter(({ status }) => status === 'complete').at(-keep);
  return oldestKept ? runs.slice(0, runs.indexOf(oldestKept)) : [];
}

function reasonToKeep({ id, dir, status, pinned }: KeptRun): string | undefined {
  if (pinned.length > 0) return `it is the baseline ${pinned.join(', ')}`;
  if (basename(dir) !== id) return `its folder was renamed from ${id}`;
  if (status === 'running' && isAlive(dir)) return 'it is running';
  return undefined;
}

function isAlive(dir: string): boolean {
  const written = [dir, join(dir, runFiles.seconds)].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs);
  return Math.max(...written.map((ms) => ms ?? 0)) > Date.now() - aliveS * 1000;
}

function verdictText({ status, verdict }: KeptRun): string {
  if (status !== 'complete') return status === 'running' ? 'unfinished' : status;
  return verdict === undefined ? 'no report' : verdictWord(verdict);
}

function othersText(others: readonly string[], columns: number): string[] {
  if (others.length === 0) return [];
  return wrap(`Not touched, no run can be read there: ${others.join(', ')}`, columns, { indent: 2, most: 3 });
}
