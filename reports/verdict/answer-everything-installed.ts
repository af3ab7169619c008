// Can it handle everything installed on it?
import type { Finding } from '../../model/finding.ts';
import type { Observed, SeriesSummary } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { loadStages, mergeSummaries, restStages } from '../measured/program-use.ts';
import { findProxyCost } from '../measured/proxy-cost.ts';
import { longSampleS } from '../measured/sample-interval.ts';
import type { Answer } from '../schema/judged.ts';
import type { ProgramUse } from '../schema/judged-stage.ts';
import { found } from '../schema/verdict-findings.ts';
import { findNoAnswer } from '../sizing/demand/service-demand.ts';
import { repetitionOf } from '../sizing/recommendation.ts';
import { type Answerable, answered, notMeasured } from './answer.ts';

/** More programs beside the app are in the table alone. */
const mostPrograms = 3;

/** CPU and memory of the host at rest and under load, the programs that use most of it, nginx in the path, and what the sizing counts. */
export function answerEverythingInstalled({ run, observed, programs, sizing }: Answerable): Answer {
  const rest = restStages(run);
  const load = loadStages(run);
  const idleAtRest = summarize(observed, rest, 'system.cpu.idle');
  const idle = summarize(observed, load, 'system.cpu.idle');
  if (!idle) return notMeasured(load.length === 0 ? findNoAnswer(run) : found('host-not-observed-under-load', {}));
  const total = summarize(observed, load, 'system.mem.total');
  const memory = (stages: readonly number[]) => {
    const usedBytes = usedOf(observed, stages, total);
    return usedBytes !== undefined && total ? { usedBytes, ofBytes: total.max } : {};
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
    findProxy(run),
    sizing?.counted,
  ]);
}

/** Without what the kernel can give back at once, as the page cache; all but free pages where the source does not say how much that is. */
function usedOf(
  observed: Observed | undefined,
  stages: readonly number[],
  total: SeriesSummary | undefined,
): number | undefined {
  const usable = summarize(observed, stages, 'system.mem.usable');
  if (usable && total) return total.max - usable.avg;
  return summarize(observed, stages, 'system.mem.used')?.avg;
}

/** Undefined for a target that headroom did not start: what its path has is not known. */
function findProxy(run: RunRecord): Finding | undefined {
  const { nginx, startedByHarness } = run.target;
  if (!startedByHarness) return undefined;
  if (!nginx) return found('nginx-not-in-path', repetitionOf(run));
  const { requestS, interval, share } = findProxyCost(run) ?? {};
  return found('nginx-in-path', {
    version: nginx.version,
    ...present({
      cpuUs: requestS && 1e6 * requestS,
      lowUs: interval && 1e6 * interval.low,
      highUs: interval && 1e6 * interval.high,
      sharePercent: share && 100 * share,
    }),
  });
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
