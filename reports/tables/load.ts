// Tables of the load and of its responses.
import type { RunRecord } from '../../model/run-record.ts';
import {
  formatBytes,
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
import { type Column, figure, list, number, type Table, tableOf, text, words } from './table.ts';

/** A capacity search has twenty probes, in tables of their own. */
export function isOf(kind: 'stage' | 'probe'): (stage: JudgedStage) => boolean {
  return ({ role }) => (role === 'probe') === (kind === 'probe');
}

const percentiles = { p50: 'p50', p90: 'p90', p95: 'p95', p99: 'p99', p999: 'p99.9', max: 'Max' } as const;

/** Throughput and latency percentiles of each measured stage, and of the stage without CPU credits. */
export function latencyTable({ stages }: Judged): Table {
  const lesser = (column: Column<JudgedStage>) => ({
    ...column,
    lesser: !['Throughput', 'p50', 'p99'].includes(column.name),
  });
  return tableOf(
    stages.filter(({ role }) => role === 'measured' || role === 'sustained'),
    [
      text('Stage', ({ name, role }) => (role === 'sustained' ? `${name} (no CPU credits)` : name)),
      ...[
        number('Throughput', (stage: JudgedStage) => stage.throughputPerS, formatRate),
        ...Object.entries(percentiles).map(([key, name]) =>
          number(name, (stage: JudgedStage) => stage.latencyUs?.[key as keyof typeof percentiles], formatLatency),
        ),
        number('Errors', (stage: JudgedStage) => stage.errorRatePercent, formatPercent),
      ].map(lesser),
    ],
    { caption: 'Latency by stage', noun: 'measured stages', empty: 'No stage was measured.' },
  );
}

/** Each threshold with its measured value. */
export function thresholdTable({ thresholds, stages }: Judged): Table {
  type Result = Judged['thresholds'][number];
  const left = stages.filter(({ role }) => role === 'sustained').map(({ name }) => `"${name}"`);
  const except = left.length > 0 ? ` except ${left.join(' and ')} (no CPU credits)` : '';
  const verdicts = { pass: 'holds', fail: 'failed', 'no-data': 'no data' } as const;
  const reasons = text('Reason', ({ reason }: Result) => (reason ? textOf(reason) : ''));
  return tableOf<Result>(
    thresholds,
    [
      text('Threshold', ({ expression }) => ({ text: expression, kind: 'code' })),
      { name: 'Measured', kind: 'number', cell: ({ value, unit }) => figure(value, (each) => formatValue(each, unit)) },
      text('Verdict', ({ verdict }) => ({ text: verdicts[verdict], kind: verdict })),
      ...(thresholds.some((each) => each.reason !== undefined) ? [reasons] : []),
    ],
    {
      caption: 'Thresholds',
      empty: 'No threshold was set for this run.',
      notes: thresholds.length > 0 ? [`Over all measured stages${except}.`] : [],
    },
  );
}

/** The requests of each stage or probe, and their outcomes; of an idle stage only its length. */
export function requestsTable({ stages }: Judged, of: 'stage' | 'probe' = 'stage'): Table {
  const ofLoad = (column: Column<JudgedStage>): Column<JudgedStage> => ({
    ...column,
    cell: (stage) => (stage.role === 'idle' ? words('') : column.cell(stage)),
  });
  const count = (name: string, value: (stage: JudgedStage) => number | undefined) =>
    ofLoad(number(name, value, formatCount));
  const connections = count('Connections', (stage) => stage.connections);
  const shown = stages.filter(isOf(of));
  const isCounted = shown.some(({ bytes }) => bytes !== undefined);
  const carried = (name: string, direction: 'sent' | 'received') =>
    ofLoad(number(name, ({ bytes }) => bytes?.[direction], formatBytes));
  return tableOf(
    shown,
    [
      text('Stage', ({ name }) => name),
      text('Role', ({ role }) => (role === 'idle' ? 'no load' : role)),
      { ...connections, cell: (stage) => (stage.arrivalRatePerS ? words('') : connections.cell(stage)) },
      number('Length', ({ durationS }) => durationS, formatDuration),
      count('Intended', ({ requests }) => requests.intended),
      count('Sent', ({ requests }) => requests.sent),
      count('Completed', ({ requests }) => requests.completed),
      count('Dropped', ({ requests }) => requests.dropped),
      count('Open at end', ({ requests }) => requests.open),
      count('As expected', ({ outcomes }) => outcomes.ok),
      count('Other status', ({ outcomes }) => outcomes.unexpectedStatus),
      count('Timed out', ({ outcomes }) => outcomes.timeout),
      count('Connection errors', ({ outcomes }) => outcomes.connectionError),
      ofLoad(
        text('Statuses', ({ statusCounts }) =>
          list(Object.entries(statusCounts).map(([status, times]) => `${status}: ${formatCount(times)}`)),
        ),
      ),
      ...(isCounted ? [carried('Data sent', 'sent'), carried('Data received', 'received')] : []),
      text('Ended early', ({ aborted }) => (aborted ? textOf(aborted) : '')),
    ],
    { caption: `Requests by ${of}`, noun: `${of}s`, empty: 'No stage ran.' },
  );
}

/** The routes of each measured stage. */
export function routesTable({ stages }: RunRecord): Table {
  const routes = stages
    .filter((stage) => stage.role === 'measured')
    .flatMap((stage) =>
      Object.entries(stage.routes).map(([route, result]) => ({ stage: stage.name, route, ...result })),
    );
  return tableOf(
    routes,
    [
      text('Stage', ({ stage }) => stage),
      text('Route', ({ route }) => ({ text: route, kind: 'code' })),
      number('As expected', ({ ok }) => ok, formatCount),
      number('Failed', ({ failed }) => failed, formatCount),
      number('p50', ({ latencyUs }) => latencyUs?.p50, formatLatency),
      number('p99', ({ latencyUs }) => latencyUs?.p99, formatLatency),
      number('Max', ({ latencyUs }) => latencyUs?.max, formatLatency),
    ],
    { caption: 'Requests by route', empty: 'No request was sent in a measured stage.' },
  );
}
