// `headroom stress`: load + observe + judge + report, for one run.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { type EmulatedInstance, startEmulatedInstance } from '../../loadtest/emulation/emulated-instance.ts';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { loadFinding } from '../../loadtest/messages.ts';
import { checkSendable } from '../../loadtest/profiles/check-routes.ts';
import { createAutostop } from '../../loadtest/run/autostop.ts';
import { runDuring } from '../../loadtest/run/during.ts';
import type { StopReason } from '../../loadtest/run/load-plan.ts';
import { runLoad } from '../../loadtest/run/run.ts';
import { measureClockOffset } from '../../loadtest/target/clock-offset.ts';
import { checkHostAllowed, preflight } from '../../loadtest/target/preflight.ts';
import { type Shortener, startShortener } from '../../loadtest/target/shortener.ts';
import { plannedS } from '../../model/planned-length.ts';
import { createRunFolder } from '../../model/run-folder.ts';
import type { RunRecord, StageRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import { parseThreshold } from '../../model/threshold.ts';
import { createCalm } from '../../monitors/collectors/host-at-rest.ts';
import { type SourceChoice, startSources } from '../../monitors/collectors/source-choice.ts';
import type { writeReport } from '../../reports/write.ts';
import { describeGenerator } from '../cli/machine.ts';
import { runId } from '../cli/run-id.ts';
import { type DatadogSession, openDatadogSession } from '../datadog/datadog-session.ts';
import { observeRun } from '../datadog/observe-run.ts';
import { pullSamples } from '../datadog/pull-samples.ts';
import { commandFinding } from '../messages.ts';
import { chooseRoutes } from './choose-routes.ts';
import { describeTarget, startRecord } from './start-record.ts';
import type { StressOptions } from './stress-options.ts';

export type StressResult = Awaited<ReturnType<typeof writeReport>> & { readonly run: RunRecord; readonly dir: string };

/** Between probes the host has this long to become calm. */
const calmLimitMs = 2000;

/** Runs the profile and writes the run folder with its report. Whatever happens, no process that was started here stays. */
export async function stress(options: StressOptions): Promise<StressResult> {
  const { profile } = options;
  const thresholds = (options.thresholds ?? profile.thresholds).map((text) => parseThreshold(text).expression);
  const autostop = createAutostop(profile.autostop);
  if (options.target) checkHostAllowed(options.target, options.allowHost);
  const { routes, redirects } = chooseRoutes(options);
  checkSendable(routes, profile.stages);

  const startedAt = new Date();
  const folder = createRunFolder(options.out, runId(startedAt, options.name ?? profile.name));
  const appData = join(folder.dir, 'app-data');
  const stopped = new AbortController();
  const onUserStop = (): void => stopped.abort(stopReason(options.signal));
  options.signal.addEventListener('abort', onUserStop, { once: true });
  if (options.signal.aborted) onUserStop();

  let shortener: Shortener | undefined;
  let emulated: EmulatedInstance | undefined;
  let sources: Awaited<ReturnType<typeof startSources>> | undefined;
  let session: DatadogSession | undefined;
  let begun = false;
  const starting = startGenerators(options.generators, options.environment);
  // Awaited when they are needed: until then, a failure of theirs is nobody's.
  starting.catch(() => {});
  try {
    const choices = options.sources ?? defaultSources(options.target);
    if (!options.target) {
      const how = { dataDir: appData, environment: options.environment, sessionSecret: nanoid(32) };
      // Whoever else looks at this machine would take the cores for busy.
      // Nor has a machine whose cores are never idle a load average or iowait that a threshold could be judged by.
      const asked = options.profile.thresholds.some((each) => /^\s*system\.(load|cpu\.iowait)/.test(each));
      const keepAwake = !options.datadog && !asked && choices.every(({ kind }) => kind === 'local');
      emulated = options.emulation && (await startEmulatedInstance({ ...how, ...options.emulation, keepAwake }));
      shortener = emulated?.shortener ?? (await startShortener({ ...how, workers: 1 }));
      void shortener.died.then((reason) => stopped.abort({ status: 'aborted', reason } satisfies StopReason));
    }
    const target = describeTarget(options, shortener, emulated?.startCpuS);
    const { origin } = new URL(target.url);
    const gaps = new Set<string>();
    let onSample = (_: Line): void => {};
    sources = await startSources(choices, {
      onSample: (line) => onSample(line),
      onGap: (cause) => gaps.add(cause),
      ...(shortener && { app: shortener }),
      awake: emulated?.awake,
    });
    const warnings = await preflight(origin, routes, redirects, {
      insecure: options.insecure,
      closed: profile.stages.some((stage) => stage.kind === 'ladder' || stage.kind === 'closed'),
    });

    if (options.warning !== undefined) warnings.push(commandFinding('not-emulated', { warning: options.warning }));
    // Shards on several machines have only the target's clock in common.
    const measured =
      options.shard && (await measureClockOffset(new URL(routes[0]?.path ?? '/', origin), options.insecure));
    const clock = measured && 'clock' in measured ? measured.clock : undefined;
    if (measured && 'missing' in measured)
      warnings.push(commandFinding('clock-offset-unknown', { reason: measured.missing }));
    const local = choices.some(({ kind }) => kind === 'local');
    if (choices.length === 0 && !options.sources) warnings.push(commandFinding('target-is-remote'));
    warnings.push(...(options.datadog?.warnings ?? []).map((warning) => commandFinding('datadog', { warning })));
    const generators = await starting;
    emulated?.keepOff(generators.pids);
    const record = (changes: Partial<RunRecord>): RunRecord => ({
      ...startRecord(options, { dir: folder.dir, startedAt, target, routes, thresholds, warnings, clock }),
      ...changes,
    });
    folder.writeRun(record({}));
    begun = true;

    let stage = { name: '', judged: false };
    const onLine = (line: Line): void => {
      folder.append(line);
      options.onLine(line);
      session?.onLine(line);
      if (line.kind === 'stage') {
        stage = { name: line.name, judged: line.role === 'measured' };
        const { emulation } = options;
        const paid = line.role !== 'idle' && line.role !== 'warm-up';
        if (emulation && paid) emulated?.startCredits({ ...emulation, onSample: onLine });
        if (line.role === 'sustained') emulated?.emptyCredits();
      }
      if ((line.kind !== 'load' && line.kind !== 'host') || !stage.judged) return;
      const stop = autostop.see(line);
      if (!stop) return;
      const reason = loadFinding('autostop', { ...stop, stage: stage.name });
      stopped.abort({ status: 'aborted', reason } satisfies StopReason);
    };
    session =
      options.datadog &&
      (await openDatadogSession(options.datadog, record({}), {
        plannedS: plannedS(profile),
        primary: choices.find(({ kind }) => kind !== 'datadog')?.kind,
      }));
    onSample = onLine;

    const { during } = options;
    const {
      use,
      warnings: loadWarnings,
      ...result
    } = await runLoad({
      profile,
      origin,
      routes,
      generators,
      seed: options.seed,
      insecure: options.insecure,
      shard: options.shard,
      ...(during !== undefined && {
        during: (signal) =>
          runDuring(during, { logFile: join(folder.dir, 'during.log'), environment: options.environment, signal }),
      }),
      calm: local ? await createCalm(calmLimitMs, emulated?.awake) : async () => {},
      signal: stopped.signal,
      onLine,
      onStage: (stages) => {
        folder.writeRun(record({ stages: [...stages] }));
        options.onStage(stages.at(-1) as StageRecord);
      },
    });
    await sources.stop();
    emulated?.stopCredits();
    const finishedAt = new Date();
    const finish = (more: Partial<RunRecord> = {}): RunRecord =>
      record({
        ...result,
        warnings: [
          ...warnings,
          ...loadWarnings,
          ...(emulated?.warnings() ?? []),
          ...[...gaps].map((cause) => commandFinding('node-exporter-gap', { cause })),
        ],
        generator: { ...describeGenerator(options.generators), ...use },
        finishedAt: finishedAt.toISOString(),
        ...more,
      });
    folder.writeRun(finish());
    const drill = await session?.drilled();
    const { datadog } = options;
    const pulled =
      datadog && choices.some(({ kind }) => kind === 'datadog')
        ? await pullSamples(datadog, startedAt, finishedAt)
        : undefined;
    for (const line of pulled?.lines ?? []) folder.append(line);
    warnings.push(...(pulled?.warnings ?? []).map((warning) => commandFinding('datadog', { warning })));
    const instanceType = target.instanceType ?? pulled?.instanceType;
    const run = finish(instanceType === undefined ? {} : { target: { ...target, instanceType } });
    folder.writeRun(run);
    const primary = emulated ? 'emulated' : choices[0]?.kind;
    await observeRun(folder.dir, run, { primary, host: datadog?.host, drill });
    // Loaded here: pages and charts take as long to load as everything else, and the first request need not wait for them.
    const reports = await import('../../reports/write.ts');
    const { verdictWord } = await import('../../reports/format/outcome.ts');
    const { textOf } = await import('../../reports/messages/text-of.ts');
    const written = await reports.writeReport(folder.dir);
    const { headline, verdict } = written.judged;
    for (const problem of (await session?.ended(
      `${verdictWord(verdict)}: ${textOf(headline)}`,
      verdict === 'pass',
      written.reportDir,
    )) ?? [])
      options.datadog?.say(`not published: ${problem}`);
    return { run, dir: folder.dir, ...written };
  } finally {
    options.signal.removeEventListener('abort', onUserStop);
    await sources?.stop();
    await session?.close();
    const started = await starting.catch(() => undefined);
    started?.close();
    await (emulated ?? shortener)?.stop();
    folder.close();
    // A run that never began leaves nothing behind.
    rmSync(begun ? appData : folder.dir, { recursive: true, force: true });
  }
}

/** A run that another one stopped has its finding already. */
function stopReason({ reason }: AbortSignal): StopReason {
  return typeof reason.reason === 'string' ? { ...reason, reason: commandFinding('interrupted', reason) } : reason;
}

/** The local kernel tells of the target only when that runs here. */
function defaultSources(target: URL | undefined): SourceChoice[] {
  const isHere = target === undefined || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname);
  return isHere ? [{ kind: 'local' }] : [];
}
