// What the live page shows at a moment: the same charts as the report, of the seconds so far.

import type { Line, StageLine } from '../../model/second.ts';
import { runCharts } from '../charts/all.ts';
import { drawSections } from '../charts/drawing/chart.ts';
import { formatDuration, formatLatency, formatPercent, formatRate, noData } from '../format/format.ts';
import { plainRecord } from '../format/plain-text.ts';
import { template } from '../render/template.ts';
import { gatherSeconds } from '../series/seconds.ts';
import { makeTimeline } from '../series/timeline.ts';
import type { TimedRun } from '../series/timeline-rows.ts';

export type LiveRun = {
  readonly add: (line: Line) => void;
  /** HTML of what is known now. */
  readonly render: () => string;
};

/** What the run is going to do. */
export type LivePlan = {
  /** The stages of its profile. `many`: it becomes several, with names of their own. */
  readonly stages: readonly { readonly name: string; readonly many: boolean }[];
  /** The longest that it may take. */
  readonly longestS: number;
};

/** Gathers the lines of one run; `generators` is the number of processes that make the load. */
export function liveRun(name: string, startedAt: string, generators: number, plan?: LivePlan): LiveRun {
  const seconds = gatherSeconds(startedAt, generators);
  const begun: StageLine[] = [];
  return {
    add: (line) => {
      seconds.add(line);
      if (line.kind === 'stage') begun[line.stage] = line;
    },
    render: () => {
      const found = seconds.result();
      const stages = begun.map((line, index): TimedRun['stages'][number] => ({
        name: line.name,
        role: line.role,
        ...(line.connections !== undefined && { connections: line.connections }),
        ...(line.arrivalRatePerS && { arrivalRatePerS: line.arrivalRatePerS }),
        startedAt: line.startedAt,
        durationS: (found.stageStarts[index + 1] ?? found.endS) - (found.stageStarts[index] ?? 0),
      }));
      const timeline = plainRecord(makeTimeline({ stages }, found));
      const last = found.load.at(-1);
      // Beside an emulated instance the host's CPU is that of the generators, too.
      const idle = found.host.at(-1)?.metrics['system.cpu.idle'];
      const cpu = found.instanceCpu.at(-1)?.[1] ?? (idle === undefined ? undefined : 100 - idle);
      // The plan begins with the first stage: what comes before is preparation.
      const doneS = found.endS - (found.stageStarts[0] ?? found.endS);
      // A second of the stage before says nothing of the one that is named.
      const isNow = last && last.atS >= (found.stageStarts[begun.length - 1] ?? 0);
      const now = isNow ? last : undefined;
      const leftS = plan && Math.max(0, plan.longestS - doneS);
      const figures = [
        ['Stage', stages.at(-1)?.name ?? 'preparing'],
        ['Time', formatDuration(found.endS)],
        ...(leftS === undefined ? [] : [['Left, at most', formatDuration(leftS)]]),
        ['Throughput', now ? formatRate(now.throughputPerS) : noData],
        ['p99', now?.p99Us === undefined ? noData : formatLatency(now.p99Us)],
        ['Errors', now ? formatRate(now.errorsPerS) : noData],
        [found.instanceCpu.length > 0 ? 'CPU of the instance' : 'CPU', cpu === undefined ? noData : formatPercent(cpu)],
      ];
      return template('live-body')(
        plainRecord({
          name,
          figures,
          planned: plan ? progressOf(plan, begun) : [],
          progress: plan && { done: Math.min(doneS, plan.longestS), of: plan.longestS },
          charts: Object.values(drawSections(runCharts, { timeline })),
        }),
      );
    },
  };
}

/** Which stages of the plan are over, which one runs, and which are ahead. A name that the plan does not have belongs to one that becomes many. */
function progressOf({ stages }: LivePlan, begun: readonly StageLine[]) {
  let current = -1;
  for (const { name } of begun) {
    const named = stages.findIndex((each, at) => at >= current && each.name === name);
    const many = stages.findIndex(({ many }, at) => at >= Math.max(current, 0) && many);
    if (named >= 0) current = named;
    else if (!stages[current]?.many && many >= 0) current = many;
  }
  return stages.map(({ name }, at) => ({ name, state: at < current ? 'done' : at === current ? 'running' : 'ahead' }));
}

/** The page around it, before the first second. `base` is the path that holds the token. */
export function renderShell(base: string): string {
  return template('live')({ base });
}
