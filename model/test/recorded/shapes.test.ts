// Recorded CPU in the shapes that jq, SDKs, consoles and samplers leave; the usual ones are in read-recorded.test.ts.
import { describe, expect, test } from '@jest/globals';
import { readRecorded } from '../../recorded/read-recorded.ts';

const percents = [10.25, 11.5, 12.75, 30];
const beginMs = Date.parse('2026-03-12T09:00:00Z');
const msOf = (place: number) => beginMs + place * 300_000;
const iso = (place: number) => new Date(msOf(place)).toISOString().replace('.000', '');
const clock = (place: number) => iso(place).slice(11, 19);
const each = <T>(make: (place: number, percent: number) => T) => percents.map((percent, place) => make(place, percent));
const json = JSON.stringify;

/** CPU in use with the begin of the first period. */
function used(text: string): readonly unknown[] {
  const { metrics } = readRecorded(text, 'cpu.txt');
  const all = metrics.filter(({ metric, statistic }) => statistic === 'avg' && /idle|utilization/.test(metric));
  const [{ metric, values, begins }] = all as [(typeof metrics)[number]];
  return [
    all.length,
    new Date(begins[0] as number).toISOString(),
    ...Array.from(values, (value) => Number((metric === 'system.cpu.idle' ? 100 - value : value).toFixed(2))),
  ];
}

const points = each((place, Average) => ({ Timestamp: iso(place), Average, Unit: 'Percent' }));
const result = { Id: 'm1', Label: 'CPUUtilization', Timestamps: each(iso).reverse(), Values: [...percents].reverse() };
const series = {
  metric: { instance: 'web:9100' },
  values: each((place, value) => [msOf(place) / 1000, String(value)]),
};
const google = {
  metric: { type: 'compute.googleapis.com/instance/cpu/utilization' },
  points: each((place, value) => ({ interval: { endTime: iso(place) }, value: { doubleValue: value / 100 } })),
};

describe('points whose time begins their period', () => {
  test.each([
    ['the Datapoints alone', json(points)],
    ['lines that end with CR', ['time,cpu %', ...each((place, value) => `${iso(place)},${value}`)].join('\r')],
    [
      'the frame of psql',
      [' at | cpu % ', '----+----', ...each((p, value) => ` ${iso(p)} | ${value}`), '(4 rows)', ''].join('\n'),
    ],
    [
      'seconds in a pointlist',
      json({
        series: [
          {
            expression: '100 - avg:system.cpu.idle{host:web}',
            scope: 'host:web',
            interval: 300,
            pointlist: each((place, value) => [msOf(place) / 1000, value]),
          },
        ],
      }),
    ],
    ['a datapoint on each line', points.map((point) => json(point)).join('\n')],
    ['no label', json({ Datapoints: points })],
    ['several answers in a list', json([{ Label: 'CPUUtilization', Datapoints: points }])],
    ['an answer inside an object', json({ web: { cpu: { Label: 'CPUUtilization', Datapoints: points } } })],
    [
      'names of an SDK',
      json({
        label: 'CPUUtilization',
        datapoints: each((p, average) => ({ timestamp: iso(p), average, unit: 'Percent' })),
      }),
    ],
    [
      "PowerShell's dates",
      json({
        Label: 'CPUUtilization',
        Datapoints: each((p, Average) => ({ Timestamp: `/Date(${msOf(p)})/`, Average })),
      }),
    ],
    ['one result of get-metric-data', json(result)],
    ['results in a list', json([result])],
    ['pairs', json(each((place, value) => [iso(place), value]))],
    ['objects with other names', json(each((place, v) => ({ t: msOf(place), v })))],
    [
      "Zabbix's history",
      json({ result: each((p, v) => ({ itemid: '1', clock: `${msOf(p) / 1000}`, value: `${v}`, ns: '0' })) }),
    ],
    [
      'InfluxQL',
      json({
        results: [
          { series: [{ name: 'cpu', columns: ['time', 'usage_idle'], values: each((p, v) => [iso(p), 100 - v]) }] },
        ],
      }),
    ],
    [
      'Netdata',
      json({ labels: ['time', 'user', 'system'], data: each((p, v) => [msOf(p) / 1000, v, 0]) }).replace(
        'user',
        'cpu busy',
      ),
    ],
    [
      "a frame of Grafana's",
      json({
        results: {
          A: {
            frames: [
              { schema: { fields: [{ name: 'Time' }, { name: 'cpu %' }] }, data: { values: [each(msOf), percents] } },
            ],
          },
        },
      }),
    ],
    [
      "Azure's logs",
      json({
        tables: [{ columns: [{ name: 'TimeGenerated' }, { name: 'cpu_percent' }], rows: each((p, v) => [iso(p), v]) }],
      }),
    ],
    [
      'buckets of Elasticsearch',
      json({
        aggregations: {
          t: { buckets: each((p, value) => ({ key_as_string: iso(p), key: msOf(p), doc_count: 5, cpu: { value } })) },
        },
      }),
    ],
  ])('are read from %s', (_, text) => {
    expect(used(text)).toEqual([1, '2026-03-12T09:00:00.000Z', ...percents]);
  });
});

const vmstat = 'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----\n';
const vmstatRow = (time: string, busy: number) =>
  ` 1  0  0 812345 12345 345678  0  0  1  2  100  200 ${busy}  0 ${100 - busy}  0  0 ${time}`;
const dstatHead =
  '"Dstat 0.7.4 CSV output"\n"Host:","web",,,,"User:","root"\n"Cmdline:","dstat -tc",,,,"Date:","12 Mar 2026 09:00:00 CET"\n\n';
const sarRow = (place: number, percent: number) =>
  `${clock(place)}  all  ${percent}  0.00  0.00  0.00  0.00  ${100 - percent}`;

describe('points whose time ends their period', () => {
  test.each([
    ['promtool -o json', json([series])],
    ['the data of query_range', json({ resultType: 'matrix', result: [series] })],
    [
      'promtool',
      `{instance="web:9100"} =>\n${each((place, value) => `${value} @[${msOf(place) / 1000}]`).join('\n')}\n`,
    ],
    [
      'an export of VictoriaMetrics',
      json({ metric: { __name__: 'cpu_percent' }, values: percents, timestamps: each(msOf) }),
    ],
    ["gcloud's list", json([google])],
    [
      'mpstat -o JSON',
      json({
        sysstat: {
          hosts: [
            {
              nodename: 'web',
              date: '2026-03-12',
              statistics: each((p, v) => ({ timestamp: clock(p), 'cpu-load': [{ cpu: 'all', idle: 100 - v }] })),
            },
          ],
        },
      }),
    ],
    [
      'dstat, whose first row is since the start',
      `${dstatHead}"system","total cpu usage",,,,\n"time","usr","sys","idl","wai","stl"\n12-03 08:55:00,1,0,99,0,0\n${each((p, v) => `12-03 ${clock(p)},${v},0.0,${100 - v},0.0,0.0`).join('\n')}`,
    ],
    [
      "Windows' counters, an hour east",
      `"(PDH-CSV 4.0) (W. Europe Standard Time)(-60)","\\\\WEB\\Processor(_Total)\\% Processor Time"\n"03/12/2026 09:55:00.000"," "\n${each((p, v) => `"03/12/2026 ${clock(p + 12)}.123","${v}"`).join('\n')}`,
    ],
    [
      'sar in Japanese',
      `Linux 6.1.0 (web) \t2026年03月12日 \t_x86_64_\t(2 CPU)\n08時55分00秒 CPU %user %nice %system %iowait %steal %idle\n${each(
        sarRow,
      )
        .join('\n')
        .replace(/^(\d\d):(\d\d):(\d\d)/gm, '$1時$2分$3秒')}`,
    ],
    [
      'sar in Dutch',
      `Linux 6.1.0 (web) \t12-03-26 \t_x86_64_\t(2 CPU)\n08:55:00 CPU %user %nice %system %iowait %steal %idle\n${each(sarRow).join('\n')}`,
    ],
  ])('are read from %s', (_, text) => {
    expect(used(text)).toEqual([1, '2026-03-12T08:55:00.000Z', ...percents]);
  });

  test('are read from vmstat -t in its zone, without the row since the start and past repeated headings', () => {
    const heading = `${vmstat} r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 CET\n`;
    const rows = [90, 10, 20, 30].map((busy, place) => vmstatRow(iso(place).replace('T', ' ').replace('Z', ''), busy));
    expect(used(`${heading}${rows.slice(0, 2).join('\n')}\n${heading}${rows.slice(2).join('\n')}\n`)).toEqual([
      1,
      '2026-03-12T08:00:00.000Z',
      ...[10, 20, 30],
    ]);
  });
});

test.each([
  [
    'vmstat without times',
    `${vmstat} r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n${vmstatRow('', 5)}`,
    'Record it with vmstat -t 60',
  ],
  [
    'one scrape',
    '# TYPE node_cpu_seconds_total counter\nnode_cpu_seconds_total{cpu="0",mode="idle"} 1234.5\n',
    'one scrape of an exporter',
  ],
  [
    'one scrape without comments',
    'node_cpu_seconds_total{cpu="0",mode="idle"} 1234.5\nnode_load1 0.5\n',
    'one scrape of an exporter',
  ],
  [
    "Datadog's second API",
    json({ data: { type: 'timeseries_response', attributes: { times: each(msOf), values: [percents] } } }),
    'which does not name its metrics',
  ],
  [
    'bytes without a label',
    json(points.map((point) => ({ ...point, Unit: 'Bytes' }))),
    'Datapoints in "Bytes" without a Label',
  ],
  ['other JSON', '{"a": 1}', 'is JSON of an unknown kind'],
])('%s is refused in one sentence', (_, text, message) => {
  expect(() => readRecorded(text, 'cpu.txt')).toThrow(message);
});

test('use that looks like idle time is said to', () => {
  const notes = (name: string) =>
    readRecorded(`time,${name}\n${each((place, value) => `${iso(place)},${100 - value / 3}`).join('\n')}\n`, 'cpu.csv')
      .notes;
  expect(notes('cpu').map(({ code }) => code)).toEqual(['perhaps-idle']);
  expect(notes('cpu used %')).toEqual([]);
  expect(notes('idle')).toEqual([]);
});
