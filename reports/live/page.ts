// What the live page shows at a moment: the same charts as the report, of the seconds so far.

import type { Line, StageLine } from '../../model/second.ts';
import { runCharts } from '../charts/all.ts';
import { drawSections } from '../charts/chart.ts';
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

/** Gathers the lines of one run; `generators` is the number of processes that make the load. */
export function liveRun(name: string, startedAt: string, generators: number): LiveRun {
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
      const cpu = found.host.at(-1)?.metrics['system.cpu.idle'];
      // Between stages the last second of load is not now.
      const now = last && found.endS - last.atS < 3 ? last : undefined;
      const figures = [
        ['Stage', stages.at(-1)?.name ?? 'preparing'],
        ['Time', formatDuration(found.endS)],
        ['Throughput', now ? formatRate(now.throughputPerS) : noData],
        ['p99', now?.p99Us === undefined ? noData : formatLatency(now.p99Us)],
        ['Errors', now ? formatRate(now.errorsPerS) : noData],
        ['CPU', cpu === undefined ? noData : formatPercent(100 - cpu)],
      ];
      return template('live-body')(
        plainRecord({ name, figures, charts: Object.values(drawSections(runCharts, { timeline })) }),
      );
    },
  };
}

/** The page around it, before the first second. `base` is the path that holds the token. */
export function renderShell(base: string): string {
  return template('live')({ base });
}
