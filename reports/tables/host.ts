// Tables of the host, of the programs on it, and of everything needed to repeat the run.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatTime } from '../format/format.ts';
import type { Judged } from '../schema/judged.ts';
import type { Use } from '../schema/judged-stage.ts';
import { isOf } from './load.ts';
import { absent, type Cell, cut, figure, number, type Table, text, words } from './table.ts';

const mostPrograms = 15;

/** Metrics of host and app by stage or by probe: means, and the extreme sample where it matters. */
export function hostTable({ stages }: Judged, of: 'stage' | 'probe' = 'stage', emulated = false): Table {
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
  const whose = emulated
    ? ['Stolen: CPU that the quota of the emulated type withheld. All other states are those of the whole host.']
    : [];
  const notes = [...(note === undefined ? [] : [note]), ...(shown.length > 0 ? whose : [])];
  return {
    caption: `The host, ${of} by ${of}`,
    columns: [text('Stage'), ...columns.map(([name]) => number(name))],
    rows: shown.map(({ name, host }) => [
      words(name),
      ...columns.map(([, metric, of, format]) => figure(host[metric]?.[of], format)),
    ]),
    empty: 'Host metrics were not collected in this run.',
    ...(notes.length > 0 && { note: notes.join(' ') }),
  };
}

/** CPU and memory of each program on the host. */
export function boxTable({ programs }: Judged): Table {
  const use = (each: Use | undefined): Cell[] => [
    figure(each?.cpuPercent, formatPercent),
    figure(each?.cpuPercentMax, formatPercent),
    figure(each?.rssBytes, formatBytes),
  ];
  const { shown, note } = cut(programs, 'programs', mostPrograms);
  return {
    caption: 'CPU and memory by program',
    columns: [
      text('Program'),
      ...['CPU at rest', 'busiest', 'Memory at rest', 'CPU under load', 'busiest', 'Memory under load'].map(number),
    ],
    rows: shown.map((each) => [words(each.name), ...use(each.atRest), ...use(each.underLoad)]),
    empty: 'No program was measured in this run.',
    ...(note !== undefined && { note }),
  };
}

/** What was measured, with what and on what, so that the run can be repeated. */
export function backgroundTable(run: RunRecord, observed: Observed | undefined): Table {
  const { target, generator, profile } = run;
  const rows: (readonly [string, string | undefined])[] = [
    ['Run', run.name === undefined ? run.id : `${run.id} (${run.name})`],
    ['Started', formatTime(run.startedAt)],
    ['Ended', run.finishedAt && formatTime(run.finishedAt)],
    ['Target', `${target.url} (${target.kind === 'shortener' ? 'the URL shortener' : 'one URL'})`],
    ['Target started by', target.startedByHarness ? 'headroom, for this run' : 'others, before this run'],
    ['Instance type', target.instanceType],
    ['vCPUs', target.vcpus?.toString()],
    ...(target.vcpuShare === undefined ? [] : [['One vCPU is', `${target.vcpuShare} of a core of this host`] as const]),
    ['Memory', target.memoryGiB === undefined ? undefined : `${target.memoryGiB} GiB`],
    ['Worker processes', target.workers?.toString()],
    ['Commit', target.commit],
    ['Random seed', run.seed?.toString()],
    ...(run.shard
      ? [
          [
            'Shard',
            `${run.shard.index} of ${run.shard.of}, started together at ${formatTime(run.shard.startAt)}`,
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
          `${source} on ${host}: ${formatCount(samples)} samples, one every ${formatDuration(intervalS)}${missing.length > 0 ? `; not available: ${missing.join(', ')}` : ''}`,
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
