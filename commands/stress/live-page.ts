// `stress --ui`: the live page of the runs of one command, from their first line to their report.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from '../../model/second.ts';
import { type LivePlan, type LiveRun, liveRun } from '../../reports/live/page.ts';
import { startLiveServer } from '../../reports/live/server.ts';

export type LivePage = {
  readonly url: string;
  /** Aborted by the page's stop button. */
  readonly signal: AbortSignal;
  /** Starts a run: the page shows its seconds from now on. */
  readonly begin: (name: string, generators: number, plan: LivePlan) => void;
  readonly onLine: (line: Line) => void;
  /** Replaces the page with the report in this folder; without one it stays. */
  readonly end: (reportDir: string | undefined) => Promise<void>;
};

/** Rendering takes milliseconds of the process that records the run: at most 1/20 of its time. */
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
    begin: (name, generators, plan) => {
      run = liveRun(name, new Date().toISOString(), generators, plan);
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
