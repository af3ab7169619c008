// One machine's CPU as each program writes it: the shapes are those of the programs' documentation.

export type Point = { readonly ms: number; readonly percent: number };

/** A fortnight of a small web server: busy by day, quiet at weekends, a build every six hours. */
export function fortnight(intervalS: number, days = 14): Point[] {
  return Array.from({ length: (days * 86_400) / intervalS }, (_, index) => {
    const ms = Date.UTC(2026, 0, 5) + index * intervalS * 1000;
    const at = new Date(ms);
    const isWorkday = at.getUTCDay() % 6 !== 0;
    const day = isWorkday ? 7 * Math.exp(-(((at.getUTCHours() - 13) / 4) ** 2)) : 0.5;
    const build = isWorkday && at.getUTCHours() % 6 === 3 && at.getUTCMinutes() === 0 ? 14 : 0;
    return { ms, percent: Number((1.5 + day + build + Math.abs(Math.sin(index * 12.9898))).toFixed(2)) };
  });
}

const iso = (ms: number) => new Date(ms).toISOString();
const idleOf = (percent: number) => Number((100 - percent).toFixed(2));

/** Files by name; points of `intervalS` seconds. */
export function makeFiles(points: readonly Point[], intervalS: number): Readonly<Record<string, string>> {
  return {
    'get-metric-statistics.json': statistics(points),
    'get-metric-data.json': metricData(points),
    'console.csv': consoleCsv(points, intervalS),
    'metrics-pull.json': pull(points, intervalS),
    'datadog-query.json': query(points, intervalS),
    'query-range.json': range(points, intervalS),
    'sadf.json': sadf(points, intervalS),
    'sar-24.txt': sar(points, intervalS, 24),
    'sar-12.txt': sar(points, intervalS, 12),
    'sadf-rows.csv': sadfRows(points, intervalS),
    'azure.json': azure(points),
    'google.json': google(points, intervalS),
    'telegraf.txt': lineProtocol(points, intervalS),
    'annotated.csv': annotated(points, intervalS),
    'grafana.csv': `"Time","web"\r\n${points.map(({ ms, percent }) => `${iso(ms).slice(0, 19).replace('T', ' ')},${percent}%\r\n`).join('')}`,
    'grafana-rows.csv': `"Series";"Time";"Value"\n${points.map(({ ms, percent }) => `"CPU busy %";"${iso(ms)}";${percent}\n`).join('')}`,
    'plain.csv': `time,cpu percent\n${points.map(({ ms, percent }) => `${iso(ms).slice(0, 16)}Z,${percent}\n`).join('')}`,
  };
}

/** Points in any order: CloudWatch sorts nothing. */
function statistics(points: readonly Point[]): string {
  const shuffled = points.map((_, index) => points[(index * 101) % points.length] as Point);
  const Datapoints = shuffled.map(({ ms, percent }) => ({
    Timestamp: iso(ms).replace('.000Z', '+00:00'),
    Average: percent,
    Unit: 'Percent',
  }));
  return `${JSON.stringify({ Label: 'CPUUtilization', Datapoints }, null, 1)}\n`;
}

/** Newest first. */
function metricData(points: readonly Point[]): string {
  const newest = [...points].reverse();
  const result = {
    Id: 'cpu',
    Label: 'CPUUtilization',
    Timestamps: newest.map(({ ms }) => iso(ms).replace('.000Z', '+00:00')),
    Values: newest.map(({ percent }) => percent),
    StatusCode: 'Complete',
  };
  return `${JSON.stringify({ MetricDataResults: [result], Messages: [] }, null, 1)}\n`;
}

function consoleCsv(points: readonly Point[], intervalS: number): string {
  const rows = points.map(
    ({ ms, percent }) => `"${iso(ms).slice(0, 19).replaceAll('-', '/').replace('T', ' ')}",${percent}`,
  );
  const heads = ['Full label,CPUUtilization', 'Label,i-0abc (web)', 'Statistic,Average', `Period,${intervalS}`];
  return `${[...heads, ...rows].join('\r\n')}\r\n`;
}

function pull(points: readonly Point[], intervalS: number): string {
  const series = {
    metric: 'system.cpu.idle',
    query: `avg:system.cpu.idle{host:i-0abc}.rollup(avg, ${intervalS})`,
    unit: 'percent',
    intervalS,
    points: points.map(({ ms, percent }) => [iso(ms), idleOf(percent)]),
  };
  const [first, last] = [points[0], points.at(-1)] as [Point, Point];
  const window = { from: iso(first.ms), to: iso(last.ms + intervalS * 1000) };
  return `${JSON.stringify({ host: 'i-0abc', ...window, series: [series], missing: [], instanceType: 't2.medium' })}\n`;
}

function query(points: readonly Point[], intervalS: number): string {
  const series = {
    metric: 'system.cpu.idle',
    display_name: 'system.cpu.idle',
    aggr: 'avg',
    scope: 'host:i-0abc',
    expression: `avg:system.cpu.idle{host:i-0abc}.rollup(avg,${intervalS})`,
    interval: intervalS,
    length: points.length,
    unit: [{ family: 'percentage', name: 'percent' }, null],
    pointlist: points.map(({ ms, percent }) => [ms, idleOf(percent)]),
  };
  return `${JSON.stringify({ status: 'ok', res_type: 'time_series', series: [series], query: series.expression })}\n`;
}

/** 100 - idle: at the end of the time that the rate covers. */
function range(points: readonly Point[], intervalS: number): string {
  const values = points.map(({ ms, percent }) => [ms / 1000 + intervalS, String(percent)]);
  const result = [{ metric: { instance: '10.0.0.10:9100', job: 'node' }, values }];
  return `${JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })}\n`;
}

function sadf(points: readonly Point[], intervalS: number): string {
  const statistics = points.map(({ ms, percent }) => {
    const end = iso(ms + intervalS * 1000);
    return {
      timestamp: { date: end.slice(0, 10), time: end.slice(11, 19), utc: 1, interval: intervalS },
      'cpu-load': [{ cpu: 'all', user: percent, nice: 0, system: 0, iowait: 0, steal: 0, idle: idleOf(percent) }],
    };
  });
  const machine = { nodename: 'ip-10-0-0-10', sysname: 'Linux', machine: 'x86_64', 'number-of-cpus': 2 };
  const host = { ...machine, statistics, restarts: [] };
  return `${JSON.stringify({ sysstat: { hosts: [host] } }, null, 1)}\n`;
}

function sadfRows(points: readonly Point[], intervalS: number): string {
  const rows = points.map(({ ms, percent }) => {
    const end = iso(ms + intervalS * 1000);
    const cells = [percent, 0, 0, 0, 0, idleOf(percent)].map((cell) => cell.toFixed(2)).join(';');
    return `ip-10-0-0-10;${intervalS};${end.slice(0, 10)} ${end.slice(11, 19)} UTC;-1;${cells}\n`;
  });
  return `# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle\n${rows.join('')}`;
}

function azure(points: readonly Point[]): string {
  const data = points.map(({ ms, percent }) => ({ average: percent, timeStamp: iso(ms).replace('.000Z', 'Z') }));
  const name = { localizedValue: 'Percentage CPU', value: 'Percentage CPU' };
  const metric = { errorCode: 'Success', name, timeseries: [{ data, metadatavalues: [] }], unit: 'Percent' };
  return `${JSON.stringify({ cost: 1, interval: 'PT10M', namespace: 'Microsoft.Compute/virtualMachines', value: [metric] }, null, 1)}\n`;
}

/** Newest first; a gauge has the same begin and end. */
function google(points: readonly Point[], intervalS: number): string {
  const all = [...points].reverse().map(({ ms, percent }) => {
    const at = iso(ms + intervalS * 1000).replace('.000Z', 'Z');
    return { interval: { startTime: at, endTime: at }, value: { doubleValue: Number((percent / 100).toFixed(6)) } };
  });
  const metric = { labels: { instance_name: 'web' }, type: 'compute.googleapis.com/instance/cpu/utilization' };
  const series = { metric, metricKind: 'GAUGE', valueType: 'DOUBLE', points: all };
  return `${JSON.stringify({ timeSeries: [series], unit: '10^2.%' }, null, 1)}\n`;
}

function lineProtocol(points: readonly Point[], intervalS: number): string {
  return points
    .map(({ ms, percent }) => {
      const at = `${ms + intervalS * 1000}000000`;
      const of = (cpu: string) => `cpu,cpu=${cpu},host=web usage_idle=${idleOf(percent)},usage_iowait=0 ${at}\n`;
      return of('cpu-total') + of('cpu0');
    })
    .join('');
}

function annotated(points: readonly Point[], intervalS: number): string {
  const heads = [
    '#group,false,false,false,false,true,true,true,true',
    '#datatype,string,long,dateTime:RFC3339,double,string,string,string,string',
    '#default,mean,,,,,,,',
    ',result,table,_time,_value,_field,_measurement,cpu,host',
  ];
  const rows = points.map(
    ({ ms, percent }) =>
      `,,0,${iso(ms + intervalS * 1000).replace('.000Z', 'Z')},${idleOf(percent)},usage_idle,cpu,cpu-total,web`,
  );
  return `${[...heads, ...rows].join('\r\n')}\r\n`;
}

/** One report for each day, behind each other; each ends with the point of midnight. */
function sar(points: readonly Point[], intervalS: number, clock: 12 | 24): string {
  const days = new Map<string, string[]>();
  const timeOf = (ms: number): string => {
    const time = iso(ms).slice(11, 19);
    if (clock === 24) return time.padEnd(8);
    const hour = Number(time.slice(0, 2));
    return `${String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, '0')}${time.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
  };
  const cell = (value: number) => value.toFixed(2).padStart(10);
  for (const { ms, percent } of points) {
    const day = iso(ms).slice(0, 10);
    const row = `${timeOf(ms + intervalS * 1000)}     all${[percent, 0, 0, 0, 0, idleOf(percent)].map(cell).join('')}`;
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  const reports = [...days].map(([day, rows]) => {
    const date = clock === 24 ? day : `${day.slice(5, 7)}/${day.slice(8)}/${day.slice(0, 4)}`;
    const names = ['%user', '%nice', '%system', '%iowait', '%steal', '%idle'].map((name) => name.padStart(10)).join('');
    const heading = `${timeOf(Date.parse(`${day}T00:00:00Z`))}     CPU${names}`;
    const average = `Average:        all${[0, 0, 0, 0, 0, 100].map(cell).join('')}`;
    return [`Linux 6.1.0-18-amd64 (ip-10-0-0-10) \t${date} \t_x86_64_\t(2 CPU)`, '', heading, ...rows, average].join(
      '\n',
    );
  });
  return `${reports.join('\n\n')}\n`;
}
