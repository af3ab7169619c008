// What other programs build on: run a profile, read a run folder, judge it, size it (docs/api.md).
import { Readable, Writable } from 'node:stream';
import { runHeadroom } from './commands/run.ts';
import type { StressDocument } from './commands/stress/outcome/stress-answer.ts';
import type { Alarms } from './model/alarms.ts';
import type { Observed } from './model/observed.ts';
import { recoverRun } from './model/recover.ts';
import { readAlarms, readLines, readObserved, readRun } from './model/run-folder.ts';
import type { RunRecord } from './model/run-record.ts';
import { UserError } from './model/user-error.ts';
import { openRun } from './reports/open-run.ts';
import type { Judged } from './reports/schema/judged.ts';
import type { Sizing } from './reports/sizing/size-run.ts';

export type { Alarms, Judged, Observed, RunRecord, Sizing, StressDocument };
export { UserError };

/** The flags of a command by their names without dashes: `{ target: 'http://...', threshold: ['latency.p99 < 100ms'] }`. */
export type Flags = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

export type RunOptions = {
  /** Keys of Datadog and the like, PATH; default: that of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Takes messages and progress; default: they are dropped. */
  readonly onMessage?: (text: string) => void;
  /** Ends the run in order: what was measured is saved and reported. */
  readonly signal?: AbortSignal;
};

/** A run folder's records; `observed` and `alarms` are absent where nothing was observed. */
export type RunFolder = { readonly run: RunRecord; readonly observed?: Observed; readonly alarms?: Alarms };

/**
 * Runs a profile as `headroom stress` does, and returns its `--json` document, whose `exitCode` is 0, 3 or 4. Throws a UserError for bad
 * flags, a target that does not answer, and a run without any result.
 */
export async function runProfile(flags: Flags, options: RunOptions = {}): Promise<StressDocument> {
  return (await answerOf(['stress', ...wordsOf(flags)], options)) as StressDocument;
}

/** Reads a run folder, also that of a run that was killed. Throws a UserError that names the file and field that does not fit. */
export async function readRunFolder(dir: string): Promise<RunFolder> {
  const run = await recoverRun(readRun(dir), readLines(dir));
  const [observed, alarms] = [readObserved(dir), readAlarms(dir)];
  return { run, ...(observed && { observed }), ...(alarms && { alarms }) };
}

/** The judgement of a run folder: verdict, validity, thresholds, bottleneck, the three questions. Writes nothing. */
export async function judgeRun(dir: string): Promise<Judged> {
  return (await openRun(dir)).report.judged;
}

/** What `headroom size` says of a run folder: `on` lists instance types, `flags` the workload (`daily`, `traffic`). */
export async function sizeRun(dir: string, on: readonly string[], flags: Flags = {}): Promise<Sizing> {
  return (await answerOf(['size', dir, '--on', on.join(), ...wordsOf(flags)], {})) as Sizing;
}

/** The JSON document of a command. Throws a UserError for one that has only an error. */
async function answerOf(words: readonly string[], { environment, onMessage, signal }: RunOptions): Promise<object> {
  let stdout = '';
  const into = (take: (text: string) => void) =>
    new Writable({
      write(chunk, _encoding, done) {
        take(String(chunk));
        done();
      },
    });
  const interrupt = new AbortController();
  signal?.addEventListener(
    'abort',
    () => interrupt.abort({ status: 'interrupted', reason: 'stopped by its caller', exitCode: 130 }),
    { once: true },
  );
  await runHeadroom({
    environment: environment ?? process.env,
    stdin: Readable.from([]),
    stdout: into((text) => {
      stdout += text;
    }),
    stderr: into((text) => onMessage?.(text)),
    live: false,
    interactive: false,
    color: false,
    words: [...words, '--json'],
    invocation: 'npx headroom',
    signal: interrupt.signal,
    exit: () => {},
  });
  const document: { readonly error?: string } = JSON.parse(stdout);
  if (document.error !== undefined) throw new UserError(document.error);
  return document;
}

function wordsOf(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === false) return [];
    if (value === true) return [flag];
    return [value].flat().flatMap((each) => [flag, String(each)]);
  });
}
