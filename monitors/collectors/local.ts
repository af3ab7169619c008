// Samples the host that headroom runs on once a second: from /proc on Linux, else from node:os.
import { hostname } from 'node:os';
import type { HostLine } from '../../model/second.ts';
import type { KeptAwake } from './kept-awake.ts';
import { createLinuxReader, type LocalApp, type NamedProcesses } from './linux-reader.ts';
import { createOsReader } from './os-reader.ts';
import { hasProc } from './proc/read-proc.ts';

/**
 * Gives one line every `intervalS` seconds (1) to `onSample`, on a timer that does not keep the process alive. `intervalS` of a
 * line is the time that passed by the monotonic clock: a delayed sample has a longer interval.
 */
export function startLocalSource(options: {
  readonly onSample: (line: HostLine) => void;
  readonly app?: LocalApp | undefined;
  readonly beside?: NamedProcesses | undefined;
  readonly awake?: KeptAwake | undefined;
  readonly intervalS?: number;
}) {
  const { onSample, app, beside, awake, intervalS = 1 } = options;
  const read = hasProc ? createLinuxReader(app, awake, beside) : createOsReader();
  const host = hostname();
  let last = process.hrtime.bigint();
  read(0);

  const sample = (shortestS: number) => {
    const now = process.hrtime.bigint();
    const elapsedS = Number(now - last) / 1e9;
    if (elapsedS < shortestS) return;
    const figures = read(elapsedS);
    last = now;
    if (!figures) return;
    const eventLoop = app?.eventLoopUtilization?.();
    if (eventLoop !== undefined) figures.metrics['app.event_loop.utilization'] = 100 * eventLoop;
    onSample({ kind: 'host', at: new Date().toISOString(), source: 'local', host, intervalS: elapsedS, ...figures });
  };
  // A timer that fires late is followed by one that is due at once: so short an interval is left to the next sample.
  const timer = setInterval(() => sample(intervalS / 2), intervalS * 1000);
  timer.unref();
  let stopped = false;
  return {
    /** Takes a last sample when at least half an interval has passed, and ends the sampling. Calling it twice does no harm. */
    stop: async (): Promise<void> => {
      if (stopped) return;
      stopped = true;
      clearInterval(timer);
      sample(intervalS / 2);
    },
  };
}
