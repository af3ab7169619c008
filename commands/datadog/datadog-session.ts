// Datadog during one run: metrics and events sent, a downtime over the run, the drill.
import { join, relative } from 'node:path';
import type { Alarms } from '../../model/alarms.ts';
import type { Finding } from '../../model/finding.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { HostLine, Line } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import type { Clock } from '../../monitors/datadog/clock.ts';
import type { Mute } from '../../monitors/datadog/mute.ts';
import type { Publisher } from '../../monitors/datadog/publish.ts';
import { monitorFinding } from '../../monitors/messages.ts';
import type { DatadogPart } from './datadog-part.ts';
import { chooseDefinitions } from './monitor-flags.ts';
import { publishedRun } from './service-tags.ts';

export type DatadogSession = {
  /** Takes every line of the run. */
  onLine(line: Line): void;
  /** To be called when the load is over. Resolves when the monitors have recovered; undefined without a drill. */
  drilled(): Promise<Alarms['drill']>;
  /** Sends the verdict of the run; returns what could not be published. */
  ended(headline: string, passed: boolean, reportDir: string): Promise<readonly Finding[]>;
  /** Ends the downtime and everything that still waits. Calling it twice does no harm. */
  close(): Promise<void>;
};

export const flushEveryMs = 10_000;
/** Between two looks at the monitors: Datadog evaluates them once a minute and allows a thousand looks in ten seconds. */
const pollS = 5;
/** How long a window of the usual monitors takes to empty, and Datadog to notice. */
const recoveryS = 900;

/** Starts what the flags ask for, before the load. `primary` is the source that thresholds are judged by, when it samples during the run. */
export async function openDatadogSession(
  part: DatadogPart,
  run: RunRecord,
  { plannedS, primary }: { readonly plannedS: number; readonly primary: string | undefined },
): Promise<DatadogSession> {
  const over = new AbortController();
  const clock = clockUntil(part.clock, over.signal);
  const muteS = plannedS + (part.drill ? recoveryS : 0);
  let mute = await startMute({ ...part, clock }, run, muteS);
  const publisher = await startPublisher({ ...part, clock }, run);
  // Failures are kept by the publisher and reported at the end.
  const flushing = setInterval(() => void publisher?.flush(), flushEveryMs).unref();
  const samples: HostLine[] = [];
  let loadOver = (): void => {};
  const load = new Promise<void>((resolve) => {
    loadOver = resolve;
  });
  const given = { load, over: over.signal, ...(primary !== undefined && { samples: () => samples, primary }) };
  const drilling = part.drill ? holdDrill({ ...part, clock }, given) : undefined;
  // `drilled` reports its failure.
  drilling?.catch(() => {});

  return {
    onLine: (line) => {
      publisher?.line(line);
      if (line.kind !== 'host' || !part.drill) return;
      const { perCore: _, services: __, ...sample } = line;
      samples.push(sample);
    },
    drilled: async () => {
      loadOver();
      if (drilling) part.say('The load is over: following the monitors until they have recovered');
      return drilling;
    },
    ended: async (headline, passed, reportDir) =>
      (await publisher?.ended(headline, passed, reportLink(part, reportDir))) ?? [],
    close: async () => {
      clearInterval(flushing);
      over.abort();
      loadOver();
      const ending = mute;
      mute = undefined;
      try {
        await ending?.release();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        part.say(
          `The downtime was not ended and expires in at most ${Math.ceil(muteS / 60) + 5} minutes: ${error.message}`,
        );
      }
    },
  };
}

/** A clock whose sleeps also end with the session. */
function clockUntil(wall: Clock, over: AbortSignal): Clock {
  return { now: wall.now, sleep: (ms, other) => wall.sleep(ms, other ? AbortSignal.any([over, other]) : over) };
}

/** Ends what a killed run has left, and starts a downtime with --mute. */
async function startMute(
  { datadog, host, say, clock, mute, drill }: DatadogPart,
  run: RunRecord,
  plannedS: number,
): Promise<Mute | undefined> {
  if (!mute && !drill) return undefined;
  const { muteMonitors, unmuteMonitors } = await import('../../monitors/datadog/mute.ts');
  if (mute) return muteMonitors({ datadog, host, run: run.id, plannedS, clock });
  const left = await unmuteMonitors(datadog, host);
  if (left > 0) say(`Ended ${left} downtime${left === 1 ? '' : 's'} of ${host} that a killed run had left`);
  return undefined;
}

async function startPublisher(
  { datadog, host, clock, publish, environment }: DatadogPart,
  run: RunRecord,
): Promise<Publisher | undefined> {
  if (!publish) return undefined;
  const { createPublisher } = await import('../../monitors/datadog/publish.ts');
  const { datadogDestination } = await import('../../monitors/datadog/publish-datadog.ts');
  const about = publishedRun(run, host, environment);
  const publisher = createPublisher(datadogDestination(datadog, about, clock), about, clock);
  await publisher.started();
  return publisher;
}

/** Holds the drill until the monitors have recovered. When it fails or is stopped, the run goes on without it. */
async function holdDrill(
  { datadog, host, clock, say, mute, signal, invocation, environment }: DatadogPart,
  {
    over,
    ...given
  }: {
    readonly load: Promise<void>;
    readonly over: AbortSignal;
    readonly samples?: () => readonly HostLine[];
    readonly primary?: string;
  },
): Promise<Alarms['drill']> {
  const { drill } = await import('../../monitors/drill/drill.ts');
  const definitions = await chooseDefinitions({ host }, environment);
  try {
    const about = { datadog, host, definitions, clock, mutedOnPurpose: mute, pollS, onProgress: say, invocation };
    return (await drill({ ...about, ...given })).document;
  } catch (error) {
    if (signal.aborted || over.aborted) return { monitors: [], warnings: [monitorFinding('drill-stopped')] };
    if (!(error instanceof UserError)) throw error;
    return { monitors: [], warnings: [monitorFinding('drill-failed', { cause: error.message })] };
  }
}

/** Where the report will be: in CI its address among the archived files of the build, else its path. */
function reportLink({ buildUrl }: DatadogPart, reportDir: string): string {
  const page = relative('', join(reportDir, 'index.html'));
  const isInWorkspace = !page.startsWith('..');
  return buildUrl !== undefined && isInWorkspace ? `${buildUrl.replace(/\/*$/, '')}/artifact/${page}` : page;
}
