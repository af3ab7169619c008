// Tables of the host, of the programs on it, and of everything needed to repeat the run.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatPercent,
  formatTime,
  noData,
} from '../format/format.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { isOf } from './load.ts';
import { type Column, number, type Table, tableOf, text, words } from './table.ts';

/** The app, the busiest others and the load generator, which is the last one. */
const mostPrograms = 5;

type Format = (value: number) => string;
const hostColumns: readonly (readonly [string, string, 'avg' | 'max' | 'min', Format])[] = [
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

/** Metrics of host and app by stage or by probe: means, and the extreme sample where it matters. */
export function hostTable({ stages }: Judged, of: 'stage' | 'probe' = 'stage', emulated = false): Table {
  const observed = stages.filter(isOf(of)).filter((stage) => Object.keys(stage.host).length > 0);
  return tableOf(
    observed,
    [
      text('Stage', ({ name }) => name),
      ...hostColumns.map(([name, metric, extreme, format]) =>
        number(name, ({ host }: JudgedStage) => host[metric]?.[extreme], format),
      ),
    ],
    {
      caption: `The host, ${of} by ${of}`,
      noun: `${of}s`,
      empty: 'Host metrics were not collected in this run.',
      notes:
        emulated && observed.length > 0
          ? ['Stolen: CPU that the quota of the emulated type withheld. All other states are those of the whole host.']
          : [],
    },
  );
}

type Program = Judged['programs'][number];

/** Of a core in percent, and of memory: a program that takes less decides nothing. */
const least = { cpuPercent: 2, rssBytes: 2 ** 24 };

function isCounted({ atRest, underLoad }: Program): boolean {
  return [atRest, underLoad].some(
    (use) => (use?.cpuPercent ?? 0) >= least.cpuPercent || (use?.rssBytes ?? 0) >= least.rssBytes,
  );
}

/** CPU and memory of the busiest programs on the host: the app first, the load generator last. */
export function programTable({ programs }: Judged): Table {
  const counted = programs.filter((each, place) => place === 0 || place === programs.length - 1 || isCounted(each));
  const shown =
    counted.length <= mostPrograms ? counted : [...counted.slice(0, mostPrograms - 1), ...counted.slice(-1)];
  // One that did not run then has no figures, which is not the same as figures that are missing.
  const use = (when: string, of: 'atRest' | 'underLoad') =>
    [
      number(`CPU ${when}`, (each: Program) => each[of]?.cpuPercent, formatPercent),
      number(`Memory ${when}`, (each: Program) => each[of]?.rssBytes, formatBytes),
    ].map(
      (column, at): Column<Program> => ({
        ...column,
        cell: (each) => (each[of] ? column.cell(each) : at === 0 ? { text: 'not seen', kind: 'none' } : words('')),
      }),
    );
  return tableOf(
    shown,
    [text('Program', ({ name }) => name), ...use('at rest', 'atRest'), ...use('under load', 'underLoad')],
    {
      caption: 'CPU and memory by program',
      empty: 'No program was measured in this run.',
      notes: [
        ...(shown.length > 0 ? ['CPU in percent of one core.'] : []),
        ...(shown.length < programs.length ? [`Shows ${shown.length} of ${programs.length} programs.`] : []),
      ],
    },
  );
}

/** Where a type had fewer cores than vCPUs, its stages show less than the rates of the type. */
function shareRows({ target }: RunRecord): (readonly [string, string])[] {
  const { vcpuShare, vcpuShareAtBaseline } = target;
  if (vcpuShare === undefined) return [];
  const share = `${vcpuShare} of a core of this host`;
  if (vcpuShareAtBaseline === undefined) return [['One vCPU is', share]];
  return [
    ['One vCPU with CPU credits had', share],
    ['One vCPU without CPU credits had', `${vcpuShareAtBaseline} of a core of this host, in its share of the time`],
    ['Rates of an instance type', 'of whole vCPUs, one core of this host each'],
  ];
}

/** What was measured, with what and on what, so that the run can be repeated. */
export function backgroundTable(run: RunRecord, observed: Observed | undefined): Table {
  const { target, profile, shard } = run;
  const suffixed = (value: number | undefined, unit: string) => (value === undefined ? undefined : `${value} ${unit}`);
  const optional = (name: string, value: string | undefined) => (value === undefined ? [] : [[name, value] as const]);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Run', run.name === undefined ? run.id : `${run.id} (${run.name})`],
    ['Started', formatTime(run.startedAt)],
    ['Ended', run.finishedAt && formatTime(run.finishedAt)],
    [
      'Target',
      `${target.url} (${target.kind === 'shortener' ? 'the URL shortener' : target.startedByHarness ? 'the app of --app' : 'one URL'})`,
    ],
    ['Target started by', target.startedByHarness ? 'headroom, for this run' : 'others, before this run'],
    ['Instance type', target.instanceType],
    ['vCPUs', target.vcpus?.toString()],
    ...shareRows(run),
    ['Memory', suffixed(target.memoryGiB, 'GiB')],
    ...optional('Network, emulated', suffixed(target.networkMbps, 'Mbit/s in each direction')),
    ['Worker processes', target.workers?.toString()],
    ...optional(
      'In the path',
      target.nginx && `nginx ${target.nginx.version}, with ${formatNumberOf(target.nginx.workers, 'worker')}`,
    ),
    ...optional('Declared (--with)', target.with?.join(', ')),
    ['Commit', target.commit],
    ['Random seed', run.seed?.toString()],
    ...optional('Shard', shard && `${shard.index} of ${shard.of}, started together at ${formatTime(shard.startAt)}`),
    ['Profile', `${profile.name}: ${profile.description}`],
    ['Time-out', formatDuration(profile.timeoutS)],
    ...generatorRows(run),
    ...(observed?.sources ?? []).map(
      ({ source, host, samples, intervalS, missing }) =>
        [
          'Host figures',
          `${source} on ${host}: ${formatCount(samples)} samples, one every ${formatDuration(intervalS)}${missing.length > 0 ? `; not available: ${missing.join(', ')}` : ''}`,
        ] as const,
    ),
  ];
  return tableOf(
    rows,
    [text('What', ([name]) => name), text('Value', ([, value]) => value ?? { text: noData, kind: 'absent' })],
    { caption: 'Background', empty: '' },
  );
}

function generatorRows({ generator }: RunRecord): (readonly [string, string | undefined])[] {
  const { eventLoopUtilization: loop } = generator;
  return [
    [
      'Generator',
      `${generator.hostname}, ${generator.cpuModel}, ${generator.cores} cores, ${generator.memoryGiB.toFixed(1)} GiB, ${generator.platform}`,
    ],
    ['Generator processes', formatCount(generator.processes)],
    [
      "Generator's event loop",
      loop &&
        `${formatPercent(100 * loop.mean)} busy on average, ${formatPercent(100 * loop.max)} in its busiest second`,
    ],
    [
      'Versions',
      Object.entries(generator.versions)
        .map((each) => each.join(' '))
        .join(', '),
    ],
  ];
}
