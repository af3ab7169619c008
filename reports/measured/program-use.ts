// CPU and memory of each program on the host, at rest and under load.
import type { Observed, SeriesSummary } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import type { ProgramUse, Use } from '../schema/judged-stage.ts';

/** The name of this process and its children, without the app, in monitors/collectors/linux-reader.ts. */
const ours = 'headroom';

/** The app first, then the other programs by their CPU under load, headroom with its load generators last. */
export function findProgramUse(run: RunRecord, observed: Observed | undefined): ProgramUse[] {
  const rest = restStages(run).flatMap((index) => observed?.stages[index] ?? []);
  const load = loadStages(run).flatMap((index) => observed?.stages[index] ?? []);
  const names = new Set([...rest, ...load].flatMap((stage) => Object.keys(stage.services)));

  const app = describe('the app under test', 'app', appUse(rest), appUse(load));
  const services = [...names]
    .filter((name) => name !== ours)
    .map((name) => describe(name, 'service', serviceUse(rest, name), serviceUse(load, name)));
  // On the observed host, the generators are part of what headroom uses.
  const { cpuPercent } = run.generator;
  const generator = names.has(ours)
    ? describe(ours, 'generator', serviceUse(rest, ours), serviceUse(load, ours))
    : describe(
        'load generator',
        'generator',
        undefined,
        cpuPercent && { cpuPercent: cpuPercent.mean, cpuPercentMax: cpuPercent.max },
      );
  const weight = (each: ProgramUse) => each.underLoad?.cpuPercent ?? each.atRest?.cpuPercent ?? 0;
  return [
    app,
    ...services.sort((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name, 'en')),
    generator,
  ].filter((each) => each.atRest !== undefined || each.underLoad !== undefined);
}

/** Numbers of the idle stages before the first load: the host at rest. */
export function restStages(run: RunRecord): readonly number[] {
  const firstLoad = run.stages.findIndex((stage) => stage.role !== 'idle');
  return numbers(run).slice(0, firstLoad < 0 ? undefined : firstLoad);
}

/** Numbers of the measured stages; of a search for the capacity, which has none, its probes. */
export function loadStages(run: RunRecord): readonly number[] {
  const of = (role: StageRecord['role']) => numbers(run).filter((index) => run.stages[index]?.role === role);
  const measured = of('measured');
  return measured.length > 0 ? measured : of('probe');
}

/** The mean and extremes of several stages' summaries as if they had been one; undefined without a sample. */
export function mergeSummaries(summaries: readonly (SeriesSummary | undefined)[]): SeriesSummary | undefined {
  const present = summaries.filter((summary) => summary !== undefined);
  const samples = present.reduce((sum, each) => sum + each.samples, 0);
  if (samples === 0) return undefined;
  return {
    min: present.reduce((least, each) => Math.min(least, each.min), Number.POSITIVE_INFINITY),
    max: present.reduce((most, each) => Math.max(most, each.max), Number.NEGATIVE_INFINITY),
    avg: present.reduce((sum, each) => sum + each.avg * each.samples, 0) / samples,
    samples,
  };
}

type ObservedStage = Observed['stages'][number];

function appUse(stages: readonly ObservedStage[]): Use | undefined {
  return use(
    mergeSummaries(stages.map((stage) => stage.metrics['app.cpu'])),
    mergeSummaries(stages.map((stage) => stage.metrics['app.mem.rss'])),
  );
}

function serviceUse(stages: readonly ObservedStage[], name: string): Use | undefined {
  return use(
    mergeSummaries(stages.map((stage) => stage.services[name]?.cpuPercent)),
    mergeSummaries(stages.map((stage) => stage.services[name]?.rssBytes)),
  );
}

function use(cpu: SeriesSummary | undefined, rss: SeriesSummary | undefined): Use | undefined {
  if (!cpu && !rss) return undefined;
  return {
    ...(cpu && { cpuPercent: cpu.avg, cpuPercentMax: cpu.max }),
    ...(rss && { rssBytes: rss.avg }),
  };
}

function describe(
  name: string,
  kind: ProgramUse['kind'],
  atRest: Use | undefined,
  underLoad: Use | undefined,
): ProgramUse {
  return { name, kind, ...(atRest && { atRest }), ...(underLoad && { underLoad }) };
}

function numbers(run: RunRecord): number[] {
  return run.stages.map((_, index) => index);
}
