// Reasons for caution that do not void the verdict: disturbances, missing data, few responses.
import { countedBlocks, medianOf } from '../../model/block.ts';
import { proxyService } from '../../model/catalogue/box-programs.ts';
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { findBusyAtRest } from '../measured/busy-at-rest.ts';
import { loadStages, mergeSummaries, restStages } from '../measured/program-use.ts';
import { timesSlower } from '../measured/stage-rate.ts';
import type { Measured } from '../schema/judged.ts';
import { found } from '../schema/verdict-findings.ts';
import type { Seconds } from '../series/seconds.ts';
import { isLocal } from '../sizing/demand/busy-cpu.ts';

/** Other programs that use more than this during the load slow down app or generator. */
const disturbingPercent = 10;
/** A percentile needs responses beyond it: below this, p99 is one of the ten slowest. */
const fewAnswers = 1000;
/** Of the load of a complete run, the share that seconds.jsonl has. */
const mostlyRecorded = 0.9;

/** CPU that other processes used, before and during the load; empty for an idle host, or without host metrics. */
export function findDisturbances(run: RunRecord, observed: Observed | undefined): Finding[] {
  return [findBusyAtRest(run, observed), findOtherProcesses(run, observed)].filter((each) => each !== undefined);
}

/** Programs that are neither the app nor headroom, by what they used more than at rest. A command that the run started is none of them. */
function findOtherProcesses(run: RunRecord, observed: Observed | undefined): Finding | undefined {
  const cores = isLocal(run) ? run.generator.cores : run.target.vcpus;
  const load = loadStages(run);
  const besideCommand = load.some((stage) => run.stages[stage]?.command);
  const isAppKnown = load.some((stage) => observed?.stages[stage]?.metrics['app.cpu']);
  if (!isAppKnown || cores === undefined || besideCommand) return undefined;
  const names = new Set(load.flatMap((stage) => Object.keys(observed?.stages[stage]?.services ?? {})));
  // The kernel's work is for the load, and nginx in its path was started for the run.
  for (const own of ['headroom', 'kernel', proxyService]) names.delete(own);
  const used = [...names]
    .map((name) => {
      const under = programPercent(observed, name, load, cores);
      return { name, percent: Math.max(0, under - programPercent(observed, name, restStages(run), cores)) };
    })
    .sort((a, b) => b.percent - a.percent);
  const usedPercent = used.reduce((sum, { percent }) => sum + percent, 0);
  const [most] = used;
  if (!most || usedPercent <= disturbingPercent) return undefined;
  // What else belongs to an app that others started, like its database, is not known.
  const mayBelong = run.target.startedByHarness ? {} : { mayBelong: true };
  return found('other-processes', { usedPercent, busiest: most.name, busiestPercent: most.percent, ...mayBelong });
}

/** Mean CPU of a program over some stages, in percent of `cores`. */
function programPercent(
  observed: Observed | undefined,
  name: string,
  stages: readonly number[],
  cores: number,
): number {
  const seen = stages.flatMap((stage) => observed?.stages[stage] ?? []);
  const samples = seen.reduce((sum, { metrics }) => sum + (metrics['system.cpu.idle']?.samples ?? 0), 0);
  const cpu = mergeSummaries(seen.map(({ services }) => services[name]?.cpuPercent));
  // A program is in the samples in which it ran alone.
  return cpu && samples > 0 ? (cpu.avg * Math.min(1, cpu.samples / samples)) / cores : 0;
}

/** Everything else that a careful reader would ask about a run that is valid. */
export function findCaveats(
  run: RunRecord,
  observed: Observed | undefined,
  measured: Measured,
  seconds: Seconds | undefined,
): Finding[] {
  const answers = measured.latencyUs?.count ?? 0;
  const hostSeen = loadStages(run).some((stage) => observed?.stages[stage]?.metrics['system.cpu.idle']);
  return [
    findMissingSeconds(run, seconds),
    findSlowCore(run),
    hostSeen ? undefined : found('no-host-metrics', {}),
    answers > 0 && answers < fewAnswers ? found('few-answers', { answers }) : undefined,
    run.target.startedByHarness ? found('generator-on-same-host', {}) : undefined,
  ].filter((each) => each !== undefined);
}

/** Undefined where the blocks that count were undisturbed. */
function findSlowCore(run: RunRecord): Finding | undefined {
  const slow = run.stages
    .map(({ blocks = [] }) => countedBlocks(blocks))
    .filter((counted) => counted.some(({ clean }) => !clean));
  const times = medianOf(slow.flat().map((block) => timesSlower(run, block)));
  return times && found('core-slowed', { times: times.value });
}

function findMissingSeconds(run: RunRecord, seconds: Seconds | undefined): Finding | undefined {
  if (!seconds) return undefined;
  const loads = run.stages.filter(({ kind }) => kind !== 'idle');
  const loadS = loads.reduce((sum, { durationS }) => sum + durationS, 0);
  const recordedS = seconds.load.reduce((sum, { durationS }) => sum + durationS, 0);
  // The last, shorter second of each stage is not recorded.
  if (recordedS >= mostlyRecorded * loadS - loads.length) return undefined;
  return found('seconds-missing', { recordedS, loadS });
}
