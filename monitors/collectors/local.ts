// The host that headroom runs on, sampled once a second: from /proc on Linux, elsewhere what node:os gives.
import { hostname } from 'node:os';
import type { HostLine } from '../../model/second.ts';
import type { KeptAwake } from './kept-awake.ts';
import { createLinuxReader, type LocalApp } from './linux-reader.ts';
import { createOsReader } from './os-reader.ts';
import { hasProc } from './read-proc.ts';

export type LocalSource = {
  /** Takes a last sample when at least half an interval has passed, and ends; nothing is sampled afterwards, however often it is called. */
  stop(): Promise<void>;
};

/**
 * Gives one line every `intervalS` seconds (1) to `onSample`, on a timer that does not keep the process alive. `intervalS` of a
 * line is the time that really passed by the monotonic clock, so a starved second shows as the longer one that it was.
 */
export function startLocalSource(options: {
  readonly onSample: (line: HostLine) => void;
  readonly app?: LocalApp | undefined;
  readonly awake?: KeptAwake | undefined;
  readonly intervalS?: number;
}): LocalSource {
  const { onSample, app, awake, intervalS = 1 } = options;
  const read = hasProc ? createLinuxReader(app, awake) : createOsReader();
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
  // A timer that fires late is followed by one that is due at once: so short a piece is left to the next sample.
  const timer = setInterval(() => sample(intervalS / 2), intervalS * 1000);
  timer.unref();
  let stopped = false;
  return {
    stop: async () => {
      if (stopped) return;
      stopped = true;
      clearInterval(timer);
      sample(intervalS / 2);
    },
  };
}
