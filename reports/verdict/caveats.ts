// What a careful reader would ask about a run that is valid all the same.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { formatCount, formatDuration, formatPercent } from '../format/format.ts';
import { loadStages, mergeSummaries, restStages } from '../measured/program-use.ts';
import type { Measured } from '../schema/judged.ts';
import type { Seconds } from '../series/seconds.ts';
import { isLocal } from '../sizing/service-demand.ts';

/** A machine that uses more than this before the load begins gives its figures in company. */
const quietPercent = 20;
/** Other programs that use more than this during the load take it from app or generator. */
const companyPercent = 10;
/** A percentile needs answers beyond it: below this, p99 is one of the ten slowest. */
const fewAnswers = 1000;
/** Of the time under load that seconds.jsonl has in a whole run. */
const mostlyTold = 0.9;

/** Says that the machine was busy before the load began; undefined for a quiet one, or when nobody looked. */
export function describeBusyAtRest(run: RunRecord, observed: Observed | undefined): string | undefined {
  const idle = mergeSummaries(restStages(run).map((stage) => observed?.stages[stage]?.metrics['system.cpu.idle']));
  if (!idle || 100 - idle.avg <= quietPercent) return undefined;
  return `before the load began, ${formatPercent(100 - idle.avg)} of the CPU was in use already: other programs share in these figures; repeat the run on a quiet machine, or read them as those of a busy one`;
}

/**
 * Says that other programs (neither app nor headroom) shared the machine during the load, more than they did before it; undefined when they
 * took less than a tenth of it, or when nobody looked. A command that the run itself started is no such program.
 */
export function describeCompany(run: RunRecord, observed: Observed | undefined): string | undefined {
  const cores = isLocal(run) ? run.generator.cores : run.target.vcpus;
  // Of a target that somebody else started nobody knows which programs belong to it.
  if (!run.target.startedByHarness || cores === undefined || run.stages.some(({ command }) => command !== undefined))
    return undefined;
  const percentOf = (name: string, stages: readonly number[]) => {
    const seen = stages.flatMap((stage) => observed?.stages[stage] ?? []);
    const samples = seen.reduce((sum, { metrics }) => sum + (metrics['system.cpu.idle']?.samples ?? 0), 0);
    const cpu = mergeSummaries(seen.map(({ services }) => services[name]?.cpuPercent));
    // A program is in the samples in which it ran alone.
    return cpu && samples > 0 ? (cpu.avg * Math.min(1, cpu.samples / samples)) / cores : 0;
  };
  const load = loadStages(run);
  const names = new Set(load.flatMap((stage) => Object.keys(observed?.stages[stage]?.services ?? {})));
  // What the kernel does, it does for the load.
  for (const own of ['headroom', 'kernel']) names.delete(own);
  const found = [...names]
    .map((name) => ({ name, percent: Math.max(0, percentOf(name, load) - percentOf(name, restStages(run))) }))
    .sort((a, b) => b.percent - a.percent);
  const percent = found.reduce((sum, each) => sum + each.percent, 0);
  const [most] = found;
  if (!most || percent <= companyPercent) return undefined;
  return `during the load, other programs used ${formatPercent(percent)} of the machine's CPU (most of it ${most.name}, ${formatPercent(most.percent)}): repeat the run on a quiet machine, or read the figures as those of a shared one`;
}

/** Says that seconds of load are missing from seconds.jsonl, from which charts, trends and comparisons are made; undefined when it has them. */
export function describeMissing(run: RunRecord, seconds: Seconds | undefined): string | undefined {
  if (!seconds) return undefined;
  const loads = run.stages.filter(({ kind }) => kind !== 'idle');
  const ran = loads.reduce((sum, { durationS }) => sum + durationS, 0);
  const told = seconds.load.reduce((sum, { durationS }) => sum + durationS, 0);
  // A piece of a second at the end of each stage is left out.
  if (told >= mostlyTold * ran - loads.length) return undefined;
  return `seconds.jsonl has ${formatDuration(told)} of the ${formatDuration(ran)} of load: charts, trends and comparisons show those alone`;
}

/** Doubts in plain words, each with what it means for the figures. */
export function findDoubts(run: RunRecord, observed: Observed | undefined, measured: Measured): readonly string[] {
  const doubts: string[] = [];
  if (!loadStages(run).some((stage) => observed?.stages[stage]?.metrics['system.cpu.idle'])) {
    doubts.push(
      'Nobody observed the host under load: what else used it, and whether its CPU is the limit, is not known.',
    );
  }
  const answers = measured.latencyUs?.count;
  if (answers !== undefined && answers < fewAnswers) {
    doubts.push(
      `The percentiles rest on ${formatCount(answers)} answers: p99 is one of the slowest ${formatCount(Math.max(1, Math.ceil(answers / 100)))}. Run longer to be surer.`,
    );
  }
  if (run.target.startedByHarness) {
    doubts.push(
      'The load generator runs on the same machine as the app and takes part of its CPU: a machine that serves alone does better.',
    );
  }
  return doubts;
}
