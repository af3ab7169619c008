// Can it handle everything installed on it?
import type { Finding } from '../../model/finding.ts';
import type { Observed, SeriesSummary } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import { loadStages, mergeSummaries, restStages } from '../measured/program-use.ts';
import { longSampleS } from '../measured/sample-interval.ts';
import type { Answer } from '../schema/judged.ts';
import type { ProgramUse } from '../schema/judged-stage.ts';
import { found } from '../schema/verdict-findings.ts';
import { findNoAnswer } from '../sizing/service-demand.ts';
import { type Answerable, answered, notMeasured } from './answer.ts';

/** More programs beside the app are in the table alone. */
const mostPrograms = 3;

/** CPU and memory of the host at rest and under load, and the programs that use most of it. */
export function answerEverythingInstalled({ run, observed, programs }: Answerable): Answer {
  const rest = restStages(run);
  const load = loadStages(run);
  const idleAtRest = summarize(observed, rest, 'system.cpu.idle');
  const idle = summarize(observed, load, 'system.cpu.idle');
  if (!idle) return notMeasured(load.length === 0 ? findNoAnswer(run) : found('host-not-observed-under-load', {}));
  const total = summarize(observed, load, 'system.mem.total');
  const memory = (stages: readonly number[]) => {
    const used = summarize(observed, stages, 'system.mem.used');
    return used && total ? { usedBytes: used.avg, ofBytes: total.max } : {};
  };
  return answered([
    idleAtRest && found('host-at-rest', { usedPercent: 100 - idleAtRest.avg, ...memory(rest) }),
    found('host-under-load', {
      usedPercent: 100 - idle.avg,
      busiestPercent: 100 - idle.min,
      ...present({ sampleS: longSampleS(observed, 'system.cpu.idle') }),
      ...memory(load),
    }),
    findPrograms(programs),
  ]);
}

function summarize(
  observed: Observed | undefined,
  stages: readonly number[],
  metric: string,
): SeriesSummary | undefined {
  return mergeSummaries(stages.map((index) => observed?.stages[index]?.metrics[metric]));
}

function findPrograms(all: readonly ProgramUse[]): Finding | undefined {
  const used = all.flatMap(({ name, kind, underLoad }) =>
    underLoad?.cpuPercent === undefined ? [] : [{ name, kind, cpuPercent: underLoad.cpuPercent }],
  );
  const programs = used.filter(({ kind }) => kind !== 'app').slice(0, mostPrograms);
  const appPercent = used.find(({ kind }) => kind === 'app')?.cpuPercent;
  if (used.length === 0) return undefined;
  return found('programs-under-load', {
    ...present({ appPercent }),
    programs: programs.map(({ name, cpuPercent }) => ({ name, cpuPercent })),
  });
}
