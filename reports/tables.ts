// The tables of the page, each from the record alone.
import type { Observed } from '../model/observed.ts';
import type { RunRecord } from '../model/run-record.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLatency,
  formatPercent,
  formatRate,
  formatTime,
  formatValue,
} from './format.ts';
import type { Judged, JudgedStage, Use } from './judged.ts';
import { absent, type Cell, cut, figure, list, type Table, words } from './table.ts';

export type { Table } from './table.ts';

const mostPrograms = 15;

const text = (name: string) => ({ name, kind: 'text' as const });
const number = (name: string) => ({ name, kind: 'number' as const });

/** A search for the capacity has twenty probes: they stand apart, or they drown the stages. */
function isOf(kind: 'stage' | 'probe'): (stage: JudgedStage) => boolean {
  return ({ role }) => (role === 'probe') === (kind === 'probe');
}

/** Throughput and latency percentiles of each measured stage. */
export function latencyTable({ stages }: Judged): Table {
  const { shown, note } = cut(
    stages.filter((stage) => stage.role === 'measured'),
    'measured stages',
  );
  return {
    caption: 'Latency by stage',
    columns: [text('Stage'), ...['Throughput', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'Max', 'Errors'].map(number)],
    rows: shown.map((stage) => [
      words(stage.name),
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

/** Each threshold with what was measured. */
export function thresholdTable({ thresholds }: Judged): Table {
  const reasons = thresholds.some((each) => each.reason !== undefined);
  const verdicts = { pass: 'holds', fail: 'failed', 'no-data': 'no data' } as const;
  return {
    caption: 'Thresholds',
    columns: [text('Threshold'), number('Measured'), text('Verdict'), ...(reasons ? [text('Reason')] : [])],
    rows: thresholds.map((each) => [
      { text: each.expression, kind: 'code' },
      figure(each.value, (value) => formatValue(value, each.unit)),
      { text: verdicts[each.verdict], kind: each.verdict },
      ...(reasons ? [words(each.reason ?? '')] : []),
    ]),
    empty: 'No threshold was set for this run.',
  };
}

/** What was asked of each stage, or of each probe, and how it ended. */
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
            words(stage.aborted ?? ''),
          ]
        : [
            words(stage.name),
            words('no load'),
            words(''),
            figure(stage.durationS, formatDuration),
            ...Array.from({ length: 10 }, () => words('')),
            words(stage.aborted ?? ''),
          ];
    }),
    empty: 'No stage ran.',
    ...(note !== undefined && { note }),
  };
}

/** Each measured stage's routes. */
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

/** The host's and the app's figures, stage by stage or probe by probe: means, and the busiest sample where it matters. */
export function hostTable({ stages }: Judged, of: 'stage' | 'probe' = 'stage'): Table {
  const { shown, note } = cut(
    stages.filter(isOf(of)).filter((stage) => Object.keys(stage.host).length > 0),
    `${of}s`,
  );
  const columns: readonly (readonly [string, string, 'avg' | 'max' | 'min', (value: number) => string])[] = [
    ['CPU user', 'system.cpu.user', 'avg', formatPercent],
    ['system', 'system.cpu.system', 'avg', formatPercent],
    ['iowait', 'system.cpu.iowait', 'avg', formatPercent],
    ['stolen', 'system.cpu.stolen', 'avg', formatPercent],
    ['idle', 'system.cpu.idle', 'avg', formatPercent],
    ['idle, least', 'system.cpu.idle', 'min', formatPercent],
    ['Load 1 min', 'system.load.1', 'max', (value) => value.toFixed(2)],
    ['Memory used', 'system.mem.used', 'avg', formatBytes],
    ['usable, least', 'system.mem.usable', 'min', formatBytes],
    ['App CPU, of one core', 'app.cpu', 'avg', formatPercent],
    ['App event loop', 'app.event_loop.utilization', 'avg', formatPercent],
    ['App memory', 'app.mem.rss', 'max', formatBytes],
  ];
  return {
    caption: `The host, ${of} by ${of}`,
    columns: [text('Stage'), ...columns.map(([name]) => number(name))],
    rows: shown.map(({ name, host }) => [
      words(name),
      ...columns.map(([, metric, of, format]) => figure(host[metric]?.[of], format)),
    ]),
    empty: 'The host was not observed in this run.',
    ...(note !== undefined && { note }),
  };
}

/** What everything installed on the box costs. */
export function boxTable({ boxCosts }: Judged): Table {
  const use = (each: Use | undefined): Cell[] => [
    figure(each?.cpuPercent, formatPercent),
    figure(each?.cpuPercentMax, formatPercent),
    figure(each?.rssBytes, formatBytes),
  ];
  const { shown, note } = cut(boxCosts, 'programs', mostPrograms);
  return {
    caption: 'What everything on the box costs',
    columns: [
      text('Program'),
      ...['CPU at rest', 'busiest', 'Memory at rest', 'CPU under load', 'busiest', 'Memory under load'].map(number),
    ],
    rows: shown.map((each) => [words(each.name), ...use(each.atRest), ...use(each.underLoad)]),
    empty: 'No program was observed in this run.',
    ...(note !== undefined && { note }),
  };
}

/** Enough to judge by whom and on what it was measured, and to repeat it. */
export function backgroundTable(run: RunRecord, observed: Observed | undefined): Table {
  const { target, generator, profile } = run;
  const rows: (readonly [string, string | undefined])[] = [
    ['Run', run.name === undefined ? run.id : `${run.id} (${run.name})`],
    ['Began', formatTime(run.startedAt)],
    ['Ended', run.finishedAt && formatTime(run.finishedAt)],
    ['Target', `${target.url} (${target.kind === 'shortener' ? 'the URL shortener' : 'one URL'})`],
    ['Target started by', target.startedByHarness ? 'headroom, for this run' : 'others; it was there before'],
    ['Instance type', target.instanceType],
    ['vCPUs', target.vcpus?.toString()],
    ...(target.vcpuShare === undefined
      ? []
      : [['One vCPU is', `${target.vcpuShare} of a core of this machine`] as const]),
    ['Memory', target.memoryGiB === undefined ? undefined : `${target.memoryGiB} GiB`],
    ['Worker processes', target.workers?.toString()],
    ['Commit', target.commit],
    ['Seed of everything random', run.seed?.toString()],
    ...(run.shard
      ? [
          [
            'Shard',
            `${run.shard.index} of ${run.shard.of}, begun together at ${formatTime(run.shard.startAt)}`,
          ] as const,
        ]
      : []),
    ['Profile', `${profile.name}: ${profile.description}`],
    ['Time-out', formatDuration(profile.timeoutS)],
    [
      'Generator',
      `${generator.hostname}, ${generator.cpuModel}, ${generator.cores} cores, ${generator.memoryGiB.toFixed(1)} GiB, ${generator.platform}`,
    ],
    ['Generator processes', formatCount(generator.processes)],
    [
      "Generator's event loop",
      generator.eventLoopUtilization &&
        `${formatPercent(100 * generator.eventLoopUtilization.mean)} busy on average, ${formatPercent(100 * generator.eventLoopUtilization.max)} in its busiest second`,
    ],
    [
      'Versions',
      Object.entries(generator.versions)
        .map((each) => each.join(' '))
        .join(', '),
    ],
    ...(observed?.sources ?? []).map(
      ({ source, host, samples, intervalS, missing }) =>
        [
          'Host figures',
          `${source} on ${host}: ${formatCount(samples)} samples, one every ${formatDuration(intervalS)}${missing.length > 0 ? `; not given: ${missing.join(', ')}` : ''}`,
        ] as const,
    ),
  ];
  return {
    caption: 'Background',
    columns: [text('What'), text('Value')],
    rows: rows.map(([name, value]) => [words(name), value === undefined ? absent() : words(value)]),
    empty: '',
  };
}
