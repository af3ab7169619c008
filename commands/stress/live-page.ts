// `stress --ui`: the live page of the runs of one command, from their first line to their report.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from '../../model/second.ts';
import { type LiveRun, liveRun } from '../../reports/live/page.ts';
import { startLiveServer } from '../../reports/live/server.ts';

export type LivePage = {
  readonly url: string;
  /** Aborted by the page's stop button. */
  readonly signal: AbortSignal;
  /** A run begins: its seconds take the place of those before. */
  readonly begin: (name: string, generators: number) => void;
  readonly onLine: (line: Line) => void;
  /** The pages become the report in this folder; without one they keep what they show. */
  readonly end: (reportDir: string | undefined) => Promise<void>;
};

/** Drawing takes a few milliseconds of the process that writes the seconds down: never more than a twentieth of its time. */
const everyMs = 1000;
const mostShare = 20;

/** Starts the server. */
export async function openLivePage(): Promise<LivePage> {
  const stopped = new AbortController();
  const server = await startLiveServer(() =>
    stopped.abort({ status: 'interrupted', reason: 'stopped on the live page', exitCode: 130 }),
  );
  let run: LiveRun | undefined;
  let next = 0;
  return {
    url: server.url,
    signal: stopped.signal,
    begin: (name, generators) => {
      run = liveRun(name, new Date().toISOString(), generators);
    },
    onLine: (line) => {
      run?.add(line);
      const began = performance.now();
      if (!run || began < next) return;
      server.show(run.render());
      next = performance.now() + Math.max(everyMs, mostShare * (performance.now() - began)) - 50;
    },
    end: (reportDir) =>
      server.end(reportDir === undefined ? undefined : readFileSync(join(reportDir, 'index.html'), 'utf8')),
  };
}
