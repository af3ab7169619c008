// Summarises the host samples of a run by stage: seconds.jsonl -> observed.json.
import { hostMetrics } from '../../../model/metric.ts';
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { HostLine, Line } from '../../../model/second.ts';
import { agreements } from './agreement.ts';
import { collectSamples } from './host-samples.ts';
import { stageOf, stageWindows } from './stage-windows.ts';
import { createSummary } from './summary.ts';

/** A sample and the stage that it belongs to. */
type Placed = readonly [line: HostLine, stage: number | undefined];

/**
 * Summaries of the host metrics by stage and over all measured stages; undefined when the run has no host sample.
 * A sample belongs to the stage in whose seconds of load at least half of its interval lies; averages are weighted by the interval. A
 * service is summarised over the samples that list it. When several sources have one metric, that of `primary` is used, else that of the
 * source with the most samples; one metric never mixes hosts. It also holds how the sources agree.
 */
export async function observe(
  run: RunRecord,
  lines: AsyncIterable<Line>,
  options: { readonly primary?: string } = {},
): Promise<Observed | undefined> {
  const { samples, load } = await collectSamples(lines);
  if (samples.length === 0) return undefined;
  const rank = ([first]: readonly HostLine[]) => (first?.source === options.primary ? 1 : 0);
  const sources = groupBySource(samples).sort((a, b) => rank(b) - rank(a) || b.length - a.length);
  const windows = stageWindows(run, load);
  const placed = sources.map((group) => group.map((line): Placed => [line, stageOf(line, windows)]));
  const summarise = createSummarise(placed);
  const agreed = agreements(samples);
  return {
    schemaVersion: 1,
    run: run.id,
    sources: sources.map(describeSource),
    stages: run.stages.map(({ name }, index) => ({ name, ...summarise((stage) => stage === index) })),
    measured: summarise((stage) => stage !== undefined && run.stages[stage]?.role === 'measured').metrics,
    ...(agreed.length > 0 && { agreements: agreed }),
  };
}

/** Returns the function that summarises the samples of some stages; each metric comes from the first source that has it. */
function createSummarise(sources: readonly (readonly Placed[])[]) {
  const chosen = new Map<string, readonly Placed[]>();
  for (const group of sources)
    for (const [line] of group)
      for (const name of Object.keys(line.metrics)) if (!chosen.has(name)) chosen.set(name, group);
  const withServices = sources.find((group) => group.some(([line]) => line.services));

  return (belongs: (stage: number | undefined) => boolean) => {
    const metrics = new Map<string, ReturnType<typeof createSummary>>();
    const services = new Map<string, Record<'cpuPercent' | 'rssBytes', ReturnType<typeof createSummary>>>();
    for (const group of sources) {
      for (const [line, stage] of group) {
        if (!belongs(stage)) continue;
        for (const [name, value] of Object.entries(line.metrics)) {
          if (chosen.get(name) === group) summaryOf(metrics, name, createSummary).add(value, line.intervalS);
        }
        if (group !== withServices) continue;
        for (const [name, use] of Object.entries(line.services ?? {})) {
          const both = () => ({ cpuPercent: createSummary(), rssBytes: createSummary() });
          const { cpuPercent, rssBytes } = summaryOf(services, name, both);
          cpuPercent.add(use.cpuPercent, line.intervalS);
          rssBytes.add(use.rssBytes, line.intervalS);
        }
      }
    }
    const serviceResults = [...services].map(
      ([name, { cpuPercent, rssBytes }]) =>
        [name, { cpuPercent: cpuPercent.result(), rssBytes: rssBytes.result() }] as const,
    );
    return {
      metrics: Object.fromEntries([...metrics].map(([name, summary]) => [name, summary.result()])),
      services: Object.fromEntries(serviceResults),
    };
  };
}

function summaryOf<T>(summaries: Map<string, T>, name: string, create: () => T): T {
  const summary = summaries.get(name) ?? create();
  summaries.set(name, summary);
  return summary;
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
