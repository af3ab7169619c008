// Can it handle everything installed on it?
import type { Finding } from '../../model/finding.ts';
import type { Observed, SeriesSummary } from '../../model/observed.ts';
import { loadStages, mergeSummaries, restStages } from '../measured/program-use.ts';
import type { Answer } from '../schema/judged.ts';
import type { ProgramUse } from '../schema/judged-stage.ts';
import { found } from '../schema/verdict-findings.ts';
import { type Answerable, answered, findNoAnswer, notMeasured } from './answer.ts';

/** More programs than this are in the table alone. */
const mostPrograms = 4;

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
  const programs = all.flatMap(({ name, underLoad }) =>
    underLoad?.cpuPercent === undefined ? [] : [{ name, cpuPercent: underLoad.cpuPercent }],
  );
  return programs.length > 0 ? found('programs-under-load', { programs: programs.slice(0, mostPrograms) }) : undefined;
}
