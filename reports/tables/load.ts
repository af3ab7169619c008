// Tables of the load and of its responses.
import type { RunRecord } from '../../model/run-record.ts';
import {
  formatCount,
  formatDuration,
  formatLatency,
  formatPercent,
  formatRate,
  formatValue,
} from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { cut, figure, list, number, type Table, text, words } from './table.ts';

export type { Table } from './table.ts';

/** A capacity search has twenty probes, in tables of their own. */
export function isOf(kind: 'stage' | 'probe'): (stage: JudgedStage) => boolean {
  return ({ role }) => (role === 'probe') === (kind === 'probe');
}

/** Throughput and latency percentiles of each measured stage, and of the stage without CPU credits. */
export function latencyTable({ stages }: Judged): Table {
  const { shown, note } = cut(
    stages.filter(({ role }) => role === 'measured' || role === 'sustained'),
    'measured stages',
  );
  return {
    caption: 'Latency by stage',
    columns: [
      text('Stage'),
      ...['Throughput', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'Max', 'Errors'].map((name) => ({
        ...number(name),
        lesser: !['Throughput', 'p50', 'p99'].includes(name),
      })),
    ],
    rows: shown.map((stage) => [
      words(stage.role === 'sustained' ? `${stage.name} (no CPU credits)` : stage.name),
      figure(stage.throughputPerS, formatRate),
      ...(['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const).map((key) =>
        figure(stage.latencyUs?.[key], formatLatency),
      ),
      figure(stage.errorRatePercent, formatPercent),
    ]),
    empty: 'No stage was measured.',
    ...(note !== undefined && { note }),
  };
}

/** Each threshold with its measured value. */
export function thresholdTable({ thresholds, stages }: Judged): Table {
  const left = stages.filter(({ role }) => role === 'sustained').map(({ name }) => `"${name}"`);
  const reasons = thresholds.some((each) => each.reason !== undefined);
  const verdicts = { pass: 'holds', fail: 'failed', 'no-data': 'no data' } as const;
  return {
    caption: 'Thresholds',
    columns: [text('Threshold'), number('Measured'), text('Verdict'), ...(reasons ? [text('Reason')] : [])],
    rows: thresholds.map((each) => [
      { text: each.expression, kind: 'code' },
      figure(each.value, (value) => formatValue(value, each.unit)),
      { text: verdicts[each.verdict], kind: each.verdict },
      ...(reasons ? [words(each.reason ? textOf(each.reason) : '')] : []),
    ]),
    empty: 'No threshold was set for this run.',
    ...(left.length > 0 && {
      note: `Over all measured stages except ${left.join(' and ')} (no CPU credits).`,
    }),
  };
}

/** The requests of each stage or probe, and their outcomes. */
export function requestsTable({ stages }: Judged, of: 'stage' | 'probe' = 'stage'): Table {
  const { shown, note } = cut(stages.filter(isOf(of)), `${of}s`);
  return {
    caption: `Requests by ${of}`,
    columns: [
      text('Stage'),
      text('Role'),
      ...['Connections', 'Length', 'Intended', 'Sent', 'Completed', 'Dropped', 'Open at end'].map(number),
      ...['As expected', 'Other status', 'Timed out', 'Connection errors'].map(number),
      text('Statuses'),
      text('Ended early'),
    ],
    rows: shown.map((stage) => {
      const { requests, outcomes, statusCounts } = stage;
      const load = stage.role !== 'idle';
      const count = (value: number) => figure(load ? value : undefined, formatCount);
      const statuses = Object.entries(statusCounts).map(([status, times]) => `${status}: ${formatCount(times)}`);
      return load
        ? [
            words(stage.name),
            words(stage.role),
            stage.arrivalRatePerS ? words('') : figure(stage.connections, formatCount),
            figure(stage.durationS, formatDuration),
            count(requests.intended),
            count(requests.sent),
            count(requests.completed),
            count(requests.dropped),
            count(requests.open),
            count(outcomes.ok),
            count(outcomes.unexpectedStatus),
            count(outcomes.timeout),
            count(outcomes.connectionError),
            list(statuses),
            words(stage.aborted ? textOf(stage.aborted) : ''),
          ]
        : [
            words(stage.name),
            words('no load'),
            words(''),
            figure(stage.durationS, formatDuration),
            ...Array.from({ length: 10 }, () => words('')),
            words(stage.aborted ? textOf(stage.aborted) : ''),
          ];
    }),
    empty: 'No stage ran.',
    ...(note !== undefined && { note }),
  };
}

/** The routes of each measured stage. */
export function routesTable({ stages }: RunRecord): Table {
  const { shown, note } = cut(
    stages
      .filter((stage) => stage.role === 'measured')
      .flatMap((stage) =>
        Object.entries(stage.routes).map(([route, result]) => ({ stage: stage.name, route, ...result })),
      ),
    'rows',
  );
  return {
    caption: 'Requests by route',
    columns: [text('Stage'), text('Route'), ...['As expected', 'Failed', 'p50', 'p99', 'Max'].map(number)],
    rows: shown.map(({ stage, route, ok, failed, latencyUs }) => [
      words(stage),
      { text: route, kind: 'code' },
      figure(ok, formatCount),
      figure(failed, formatCount),
      figure(latencyUs?.p50, formatLatency),
      figure(latencyUs?.p99, formatLatency),
      figure(latencyUs?.max, formatLatency),
    ]),
    empty: 'No request was sent in a measured stage.',
    ...(note !== undefined && { note }),
  };
}
