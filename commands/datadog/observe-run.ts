// The phase between load and report: writes the host metrics (observed.json) and the monitors' backtest (alarms.json).
import type { Alarms } from '../../model/alarms.ts';
import type { Observed } from '../../model/observed.ts';
import { recoverRun } from '../../model/recover.ts';
import { hasSeconds, readAlarms, readLines, readRun } from '../../model/run-folder.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { writeAlarms, writeObserved } from '../../model/write-run.ts';
import { observe } from '../../monitors/collectors/observed/observe.ts';
import { chooseDefinitions, isHostName } from './monitor-flags.ts';

type ObserveOptions = {
  /** The source that thresholds are judged by; else the one with the most samples. */
  readonly primary?: string | undefined;
  /** The host's name in Datadog. */
  readonly host?: string | undefined;
  readonly drill?: Alarms['drill'] | undefined;
  /** Its DD_ENV chooses the thresholds of monitors.json. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Skips the lines of load, of which merged shards have too many: monitors of the load have no data then. */
  readonly hostOnly?: boolean;
};

/** Observes the run on disk and evaluates headroom's monitors over it. Needs no Datadog account. */
export async function observeRun(
  dir: string,
  run: RunRecord,
  options: ObserveOptions = {},
): Promise<Observed | undefined> {
  const { primary, drill } = options;
  const observed = await observe(run, readLines(dir, 'host'), primary === undefined ? {} : { primary });
  if (observed) writeObserved(dir, observed);
  const host = options.host ?? monitoredHost(run, observed);
  const { backtest } = await import('../../monitors/backtest/backtest.ts');
  const { seriesOfRun } = await import('../../monitors/backtest/backtest-run.ts');
  const lines = readLines(dir, options.hostOnly ? 'host' : undefined);
  const { document } = backtest({
    definitions: await chooseDefinitions({ host }, options.environment),
    series: await seriesOfRun(run, lines, host, observed?.sources[0]?.source),
  });
  writeAlarms(dir, {
    schemaVersion: 2,
    run: run.id,
    host,
    ...instanceOf(run),
    backtest: document.monitors,
    ...(drill && { drill }),
  });
  return observed;
}

/** Observes a run whose harness was killed before this phase; a run that was observed stays unchanged. */
export async function observeUnobserved(dir: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const run = readRun(dir);
  if (readAlarms(dir) || !hasSeconds(dir)) return;
  await observeRun(dir, await recoverRun(run, readLines(dir)), { environment });
}

/** Which instance the monitors were evaluated on, where it is not the machine. */
function instanceOf({ target }: RunRecord): Pick<Alarms, 'instanceType'> {
  const { vcpuShare, instanceType } = target;
  return vcpuShare !== undefined && instanceType !== undefined ? { instanceType } : {};
}

/** The host's name in its sources; the name of an emulated instance cannot be part of a query. */
export function monitoredHost(run: RunRecord, observed: Observed | undefined): string {
  const names = [...(observed?.sources ?? []).map(({ host }) => host), run.generator.hostname];
  return names.find(isHostName) ?? 'localhost';
}
