// Puts what was seen of the host to the stages of a run: seconds.jsonl -> observed.json.
import { hostMetrics } from '../../model/metric.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { HostLine, Line } from '../../model/second.ts';
import { agreements } from './agreement.ts';
import { collectSamples, type Window } from './host-samples.ts';
import { createSummary } from './summary.ts';

/**
 * Summaries of the host's figures by stage and over all measured stages, or undefined when the run has no host sample.
 * A sample belongs to the stage in whose seconds of load at least half of its interval lies; averages are weighted by the interval. A service
 * is summarised over the samples that list it. When several sources give one metric, that of `primary` is taken, else that of the
 * source with the most samples; figures of different hosts are never mixed within one metric. How sources agree is in it too.
 */
export async function observe(
  run: RunRecord,
  lines: AsyncIterable<Line>,
  options: { readonly primary?: string } = {},
): Promise<Observed | undefined> {
  const { samples, load } = await collectSamples(lines);
  if (samples.length === 0) return undefined;
  const sources = groupBySource(samples);
  const rank = ([first]: readonly HostLine[]) => (first?.source === options.primary ? 1 : 0);
  const byPreference = [...sources].sort((a, b) => rank(b) - rank(a) || b.length - a.length);
  const windows = stageWindows(run, load);
  const placed = byPreference.map((group) => group.map((line) => [line, stageOf(line, windows)] as const));

  const chosen = new Map<string, number>();
  byPreference.forEach((group, source) => {
    for (const line of group)
      for (const name of Object.keys(line.metrics)) if (!chosen.has(name)) chosen.set(name, source);
  });
  const serviceSource = byPreference.findIndex((group) => group.some((line) => line.services));

  const summarise = (belongs: (stage: number | undefined) => boolean) => {
    const metrics = new Map<string, ReturnType<typeof createSummary>>();
    const services = new Map<string, Record<'cpuPercent' | 'rssBytes', ReturnType<typeof createSummary>>>();
    placed.forEach((group, source) => {
      for (const [line, stage] of group) {
        if (!belongs(stage)) continue;
        for (const [name, value] of Object.entries(line.metrics)) {
          if (chosen.get(name) !== source) continue;
          const summary = metrics.get(name) ?? createSummary();
          metrics.set(name, summary);
          summary.add(value, line.intervalS);
        }
        if (source !== serviceSource) continue;
        for (const [name, use] of Object.entries(line.services ?? {})) {
          const summary = services.get(name) ?? { cpuPercent: createSummary(), rssBytes: createSummary() };
          services.set(name, summary);
          summary.cpuPercent.add(use.cpuPercent, line.intervalS);
          summary.rssBytes.add(use.rssBytes, line.intervalS);
        }
      }
    });
    return {
      metrics: Object.fromEntries([...metrics].map(([name, summary]) => [name, summary.result()])),
      services: Object.fromEntries(
        [...services].map(([name, { cpuPercent, rssBytes }]) => [
          name,
          { cpuPercent: cpuPercent.result(), rssBytes: rssBytes.result() },
        ]),
      ),
    };
  };
  const agreed = agreements(samples);
  return {
    schemaVersion: 1,
    run: run.id,
    sources: byPreference.map(describeSource),
    stages: run.stages.map(({ name }, index) => ({ name, ...summarise((stage) => stage === index) })),
    measured: summarise((stage) => stage !== undefined && run.stages[stage]?.role === 'measured').metrics,
    ...(agreed.length > 0 && { agreements: agreed }),
  };
}

/**
 * Each stage from its first second of load to its last: an open one leads in without load, and waits for answers behind it. One without
 * load lasts from its begin to its end, or until the next begins, or the run ends, or for ever.
 */
function stageWindows(run: RunRecord, load: ReadonlyMap<number, Window>): Window[] {
  return run.stages.map(
    ({ startedAt, finishedAt }, index) =>
      load.get(index) ?? {
        from: Date.parse(startedAt),
        to: Date.parse(finishedAt ?? run.stages[index + 1]?.startedAt ?? run.finishedAt ?? '9999-12-31T00:00:00Z'),
      },
  );
}

function stageOf(line: HostLine, windows: readonly Window[]) {
  const to = Date.parse(line.at);
  const from = to - line.intervalS * 1000;
  const overlaps = windows.map((window) => Math.min(to, window.to) - Math.max(from, window.from));
  const longest = Math.max(...overlaps);
  return longest >= (to - from) / 2 ? overlaps.indexOf(longest) : undefined;
}

function groupBySource(samples: readonly HostLine[]): HostLine[][] {
  const groups = new Map<string, HostLine[]>();
  for (const line of samples) {
    const key = JSON.stringify([line.source, line.host]);
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  return [...groups.values()];
}

function describeSource(samples: readonly HostLine[]): Observed['sources'][number] {
  const [first] = samples;
  if (!first) throw new Error('a source without samples');
  const given = new Set(samples.flatMap((line) => Object.keys(line.metrics)));
  return {
    source: first.source,
    host: first.host,
    intervalS: samples.reduce((total, line) => total + line.intervalS, 0) / samples.length,
    samples: samples.length,
    missing: Object.keys(hostMetrics).filter((name) => !given.has(name)),
  };
}
