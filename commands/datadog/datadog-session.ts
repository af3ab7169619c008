// What Datadog has to do with one run while it goes: metrics and events out, a downtime over it, the drill.
import { join, relative } from 'node:path';
import type { Alarms } from '../../model/alarms.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { HostLine, Line } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import type { Clock } from '../../monitors/datadog/clock.ts';
import type { DatadogPart } from './datadog-part.ts';
import { chooseDefinitions } from './monitor-flags.ts';

export type DatadogSession = {
  /** Takes every line of the run. */
  onLine(line: Line): void;
  /** To be called when the load is over; looks on until the monitors have recovered, or undefined without a drill. */
  drilled(): Promise<Alarms['drill']>;
  /** Tells Datadog what came of the run; gives what could not be sent, in sentences. */
  ended(headline: string, passed: boolean, reportDir: string): Promise<readonly string[]>;
  /** Ends the downtime and whatever still waits; twice does no harm. */
  close(): Promise<void>;
};

const flushEveryMs = 10_000;
/** Between two looks at the monitors: Datadog evaluates them once a minute, and lets a thousand looks be taken in ten seconds. */
const pollS = 5;
/** How long a window of the usual monitors takes to empty, and Datadog to notice. */
const recoveryS = 900;

/** Begins what the flags ask for, before the load. `primary` is the source that judges, when one samples while it goes. */
export async function openDatadogSession(
  { datadog, clock: wall, say, ...part }: DatadogPart,
  run: RunRecord,
  { plannedS, primary }: { readonly plannedS: number; readonly primary: string | undefined },
): Promise<DatadogSession> {
  const { host } = part;
  const over = new AbortController();
  // What still waits when the run ends in an error does so no longer.
  const clock: Clock = {
    now: wall.now,
    sleep: (ms, other) => wall.sleep(ms, other ? AbortSignal.any([over.signal, other]) : over.signal),
  };
  const { muteMonitors, unmuteMonitors } = await import('../../monitors/datadog/mute.ts');
  const left = part.drill && !part.mute ? await unmuteMonitors(datadog, host) : 0;
  if (left > 0) say(`ended ${left} downtime${left === 1 ? '' : 's'} that a killed run had left for ${host}`);
  const muteS = plannedS + (part.drill ? recoveryS : 0);
  let mute = part.mute ? await muteMonitors({ datadog, host, run: run.id, plannedS: muteS, clock }) : undefined;

  const { createPublisher } = await import('../../monitors/datadog/publish.ts');
  const { instanceType } = run.target;
  const about = { id: run.id, profile: run.profile.name, host, ...(instanceType !== undefined && { instanceType }) };
  const publisher = part.publish ? createPublisher(datadog, about, clock) : undefined;
  await publisher?.started();
  // Trouble while sending is kept by the publisher and told at the end.
  const flushing = setInterval(() => void publisher?.flush(), flushEveryMs).unref();

  const samples: HostLine[] = [];
  let loadOver = (): void => {};
  const load = new Promise<void>((resolve) => {
    loadOver = resolve;
  });
  const holdDrill = async (): Promise<Alarms['drill']> => {
    const { drill } = await import('../../monitors/drill/drill.ts');
    const definitions = await chooseDefinitions({ host });
    const mutedOnPurpose = part.mute;
    try {
      return (
        await drill({
          datadog,
          host,
          definitions,
          clock,
          load,
          mutedOnPurpose,
          pollS,
          onProgress: say,
          ...(primary !== undefined && { samples: () => samples, primary }),
        })
      ).document;
    } catch (error) {
      const isStopped = part.signal.aborted || over.signal.aborted;
      if (!(error instanceof UserError) && !isStopped) throw error;
      return {
        monitors: [],
        warnings: [isStopped ? 'the run was stopped before the drill ended' : (error as Error).message],
      };
    }
  };
  const drilling = part.drill ? holdDrill() : undefined;
  // Whoever waits for it hears of it.
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
      if (drilling) say('the load is over: looking on until the monitors have recovered');
      return drilling;
    },
    ended: async (headline, passed, reportDir) => {
      const page = relative('', join(reportDir, 'index.html'));
      // A CI system shows what lies in its workspace.
      const isShown = part.buildUrl !== undefined && !page.startsWith('..');
      const link = isShown ? `${part.buildUrl?.replace(/\/*$/, '')}/artifact/${page}` : page;
      return (await publisher?.ended(headline, passed, link)) ?? [];
    },
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
        say(`the downtime ends by itself in ${Math.ceil(muteS / 60)} minutes: ${error.message}`);
      }
    },
  };
}
