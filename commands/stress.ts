// `headroom stress`: load + observe + judge + report, for one run.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { startGenerators } from '../loadtest/generators.ts';
import { checkHostAllowed, preflight } from '../loadtest/preflight.ts';
import { readLinks, shortenerMix, singleRoute } from '../loadtest/request-mix.ts';
import { runLoad, type StopReason } from '../loadtest/run.ts';
import { type Shortener, startShortener } from '../loadtest/shortener.ts';
import { createRunFolder, readLines, writeObserved } from '../model/run-folder.ts';
import type { RunRecord, StageRecord } from '../model/run-record.ts';
import type { Line } from '../model/second.ts';
import { parseThreshold } from '../model/threshold.ts';
import { startLocalSource } from '../monitors/local.ts';
import { observe } from '../monitors/observe.ts';
import type { writeReport } from '../reports/write.ts';
import { describeGenerator } from './machine.ts';
import { runId } from './run-id.ts';
import { describeTarget, startRecord } from './start-record.ts';
import type { StressOptions } from './stress-options.ts';

export type StressResult = Awaited<ReturnType<typeof writeReport>> & { readonly run: RunRecord; readonly dir: string };

/** Runs the profile and writes the run folder with its report. Whatever happens, no process that was started here stays. */
export async function stress(options: StressOptions): Promise<StressResult> {
  const thresholds = (options.thresholds ?? options.profile.thresholds).map((text) => parseThreshold(text).expression);
  if (options.target) checkHostAllowed(options.target, options.allowHost);
  const mixed = options.target === undefined || options.target.pathname === '/';
  const links = mixed ? readLinks(options.urlsFile) : {};
  const routes = mixed ? shortenerMix(options.urlsFile) : singleRoute(options.target as URL, options.expect);

  const startedAt = new Date();
  const folder = createRunFolder(options.out, runId(startedAt, options.name ?? options.profile.name));
  const appData = join(folder.dir, 'app-data');
  const stopped = new AbortController();
  const onUserStop = (): void => stopped.abort(options.signal.reason);
  options.signal.addEventListener('abort', onUserStop, { once: true });
  if (options.signal.aborted) onUserStop();

  let shortener: Shortener | undefined;
  let generators: Awaited<ReturnType<typeof startGenerators>> | undefined;
  let source: ReturnType<typeof startLocalSource> | undefined;
  let begun = false;
  try {
    const starting = startGenerators(options.generators, options.environment);
    if (!options.target) {
      shortener = await startShortener({
        dataDir: appData,
        workers: 1,
        environment: options.environment,
        sessionSecret: nanoid(32),
      });
      void shortener.died.then((reason) => stopped.abort({ status: 'aborted', reason } satisfies StopReason));
    }
    generators = await starting;
    const target = describeTarget(options.target, shortener);
    const { origin } = new URL(target.url);
    const redirects = Object.entries(links).flatMap(([code, link]) =>
      link.url === undefined ? [] : [[`/${encodeURIComponent(code)}`, link.url] as const],
    );
    const warnings = await preflight(origin, routes, Object.fromEntries(redirects));

    const local = observesLocally(options.metrics, options.target);
    if (!local && options.metrics !== 'none') warnings.push('the target is another machine: its CPU was not observed');
    const record = (changes: Partial<RunRecord>): RunRecord => ({
      ...startRecord(options, folder.dir, startedAt, target, routes, thresholds, warnings),
      ...changes,
    });
    folder.writeRun(record({}));
    begun = true;
    const onLine = (line: Line): void => {
      folder.append(line);
      options.onLine(line);
    };
    if (local) source = startLocalSource({ onSample: onLine, ...(shortener && { app: shortener }) });

    const { use, ...result } = await runLoad({
      profile: options.profile,
      origin,
      routes,
      generators,
      signal: stopped.signal,
      onLine,
      onStage: (stages) => {
        folder.writeRun(record({ stages: [...stages] }));
        options.onStage(stages.at(-1) as StageRecord);
      },
    });
    await source?.stop();
    const run = record({
      ...result,
      generator: { ...describeGenerator(options.generators), ...use },
      finishedAt: new Date().toISOString(),
    });
    folder.writeRun(run);
    const observed = await observe(run, readLines(folder.dir));
    if (observed) writeObserved(folder.dir, observed);
    // Loaded here: pages and charts take as long to load as everything else, and the first request need not wait for them.
    const reports = await import('../reports/write.ts');
    return { run, dir: folder.dir, ...(await reports.writeReport(folder.dir)) };
  } finally {
    options.signal.removeEventListener('abort', onUserStop);
    await source?.stop();
    generators?.close();
    await shortener?.stop();
    folder.close();
    // A run that never began leaves nothing behind.
    rmSync(begun ? appData : folder.dir, { recursive: true, force: true });
  }
}

/** The local kernel tells of the target only when that runs here. */
function observesLocally(asked: 'local' | 'none' | undefined, target: URL | undefined): boolean {
  if (asked !== undefined) return asked === 'local';
  return target === undefined || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname);
}
