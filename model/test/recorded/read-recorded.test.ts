import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readRecorded } from '../../recorded/read-recorded.ts';
import type { ReadOptions, RecordedMetric } from '../../recorded/recorded-file.ts';
import { fortnight, makeFiles } from './make-files.ts';

const points = fortnight(600, 2);
const files = makeFiles(points, 600);

function only(text: string, options: ReadOptions = {}): RecordedMetric {
  const { metrics } = readRecorded(text, 'cpu.csv', options);
  expect(metrics).toHaveLength(1);
  return metrics[0] as RecordedMetric;
}

/** CPU in use of a metric of either kind. */
const used = ({ metric, values }: RecordedMetric) =>
  Array.from(values, (value) => Number((metric === 'system.cpu.idle' ? 100 - value : value).toFixed(2)));
const times = (values: Float64Array) => Array.from(values, (ms) => new Date(ms).toISOString().replace(':00.000Z', ''));
const refuse = (text: string, options: ReadOptions = {}) => expect(() => readRecorded(text, 'cpu.csv', options));

describe('a file of recorded CPU', () => {
  test.each(Object.entries(files))('%s has the periods and the values that were recorded', (name, text) => {
    const { metrics } = readRecorded(text, name);
    const metric = metrics.find((each) => /cpuutilization|idle/.test(each.metric)) as RecordedMetric;
    expect(Array.from(metric.begins)).toEqual(points.map(({ ms }) => ms));
    expect(Array.from(metric.ends)).toEqual(points.map(({ ms }) => ms + 600_000));
    expect(used(metric)).toEqual(points.map(({ percent }) => percent));
  });

  test.each([
    ['get-metric-statistics.json', 'cloudwatch-statistics'],
    ['get-metric-data.json', 'cloudwatch-data'],
    ['console.csv', 'cloudwatch-console'],
    ['metrics-pull.json', 'metrics-pull'],
    ['datadog-query.json', 'datadog-query'],
    ['query-range.json', 'prometheus-range'],
    ['sadf.json', 'sadf-json'],
    ['sar-24.txt', 'sar-text'],
    ['sar-12.txt', 'sar-text'],
    ['sadf-rows.csv', 'sadf-rows'],
    ['azure.json', 'azure-metrics'],
    ['google.json', 'google-series'],
    ['telegraf.txt', 'line-protocol'],
    ['annotated.csv', 'csv'],
    ['grafana.csv', 'csv'],
    ['grafana-rows.csv', 'csv'],
    ['plain.csv', 'csv'],
  ])('%s is recognized as %s', (name, format) => {
    expect(readRecorded(files[name] as string, name).format).toBe(format);
  });
});

test.each(Object.entries(makeFiles(fortnight(3600), 3600)))(
  'fixtures/%s is the fortnight by the hour',
  (name, text) => {
    // git may have changed the line ends of console.csv.
    const lines = (content: string) => content.split(/\r?\n/);
    expect(lines(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8'))).toEqual(lines(text));
  },
);

describe('CloudWatch', () => {
  const statistics = (more: object, label = 'CPUUtilization') =>
    JSON.stringify({
      Label: label,
      Datapoints: ['10', '05', '00'].map((minute) => ({ Timestamp: `2026-01-05T00:${minute}:00Z`, ...more })),
    });

  test('gives averages and maxima', () => {
    const { metrics } = readRecorded(statistics({ Average: 20, Maximum: 90, Unit: 'Percent' }), 'a.json');
    expect(metrics.map(({ metric, statistic }) => `${metric} ${statistic}`)).toEqual([
      'aws.ec2.cpuutilization avg',
      'aws.ec2.cpuutilization max',
    ]);
  });

  test('gives credits by their labels', () => {
    expect(readRecorded(statistics({ Sum: 0.4 }, 'CPUCreditUsage'), 'a.json').metrics[0]).toMatchObject({
      metric: 'aws.ec2.cpucredit_usage',
      statistic: 'sum',
    });
    expect(readRecorded(statistics({ Average: 100 }, 'CPUCreditBalance'), 'a.json').metrics[0]?.metric).toBe(
      'aws.ec2.cpucredit_balance',
    );
  });

  test('reads documents behind each other, as a loop appends them, with the lines of the file', () => {
    const page = (hour: string, value: unknown) =>
      `${JSON.stringify({ Label: 'CPUUtilization', Datapoints: [0, 5].map((minute) => ({ Timestamp: `2026-01-05T${hour}:0${minute}:00Z`, Average: value })) }, null, 2)}\n`;
    expect(Array.from(only(page('01', 2) + page('00', 1)).values)).toEqual([1, 1, 2, 2]);
    refuse(page('00', 1) + page('01', 200) + page('02', 1)).toThrow('cpu.csv line 18: 200 is more than 100 %');
    refuse(page('00', 1) + page('01', 1).slice(0, 40)).toThrow('cpu.csv line 16 is not JSON');
  });

  test('reads a list of a year piece by piece, with the lines of the file', () => {
    const minutes = 80_000;
    const Datapoints = Array.from({ length: minutes }, (_, index) => ({
      Timestamp: new Date(Date.UTC(2026, 0, 5) + 60_000 * index).toISOString(),
      Average: index % 100,
      Unit: 'Percent',
    }));
    const text = JSON.stringify({ Label: 'CPUUtilization', Datapoints }, null, 2);
    expect(text.length).toBeGreaterThan(8_000_000);
    const { values, begins } = only(text);
    expect(values).toHaveLength(minutes);
    expect([values[0], values[minutes - 1], begins[minutes - 1]]).toEqual([
      0,
      99,
      Date.UTC(2026, 0, 5) + 79_999 * 60_000,
    ]);
    const at = (index: number) => `"Timestamp": "${Datapoints[index]?.Timestamp}",\n      "Average": ${index % 100},`;
    const changed = text.replace(at(70_001), at(70_001).replace(/\d+,$/, '170,'));
    refuse(changed).toThrow(`cpu.csv line ${4 + 5 * 70_001 + 1}: 170 is more than 100 %`);
    refuse(text.replace(at(70_001), 'x')).toThrow(`cpu.csv line ${4 + 5 * 70_001 + 1} is not JSON`);
  });

  test('joins the pages of one Id, and says when a page is missing', () => {
    const result = (hour: string, value: number) => ({
      Id: 'm1',
      Label: 'CPUUtilization Average',
      Timestamps: [`2026-01-05T${hour}:05:00Z`, `2026-01-05T${hour}:00:00Z`],
      Values: [value, value],
    });
    const pages = { MetricDataResults: [result('01', 2), result('00', 1)], NextToken: 'more' };
    const { metrics, notes } = readRecorded(JSON.stringify(pages), 'a.json');
    expect(Array.from(metrics[0]?.values ?? [])).toEqual([1, 1, 2, 2]);
    expect(notes.map(({ code }) => code)).toEqual(['more-pages']);
    const { NextToken: _, ...last } = pages;
    const both = JSON.stringify(pages) + JSON.stringify(last);
    expect(readRecorded(both, 'a.json').notes.map(({ code }) => code)).toEqual(['points-repeated']);
  });

  test.each([
    [JSON.stringify({ Label: 'CPUUtilization', Datapoints: [] }), 'a.json has no Datapoints'],
    [statistics({ Average: 20 }, 'DiskReadOps'), 'the Label "DiskReadOps" is not a metric that headroom reads'],
    [statistics({ p99: 20 }), 'has neither Average nor Maximum'],
    [statistics({ Average: 'x' }), 'a.json: Datapoints[0].Average "x" is not a number'],
    [JSON.stringify({ MetricDataResults: [] }), 'a.json has no values'],
    [
      JSON.stringify({
        MetricDataResults: [
          { Id: 'p', Label: 'CPUUtilization p99', Timestamps: ['2026-01-05T00:00:00Z'], Values: [5] },
        ],
      }),
      'a.json has no Average or Maximum of CPUUtilization, only p (CPUUtilization p99)',
    ],
  ])('an answer that cannot be used is one sentence: %#', (text, message) => {
    expect(() => readRecorded(text, 'a.json')).toThrow(message);
  });
});

describe('Prometheus', () => {
  const range = (result: object[]) => JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
  const series = (metric: object, values: readonly string[]) => ({
    metric,
    values: values.map((value, index) => [1_767_571_200 + 60 * index, value]),
  });

  test('averages the CPUs of a mode, whose rates are shares of 1', () => {
    const text = range([
      series({ mode: 'idle', cpu: '0' }, ['0.9', '0.8']),
      series({ mode: 'idle', cpu: '1' }, ['0.7', '0.6']),
    ]);
    expect(used(only(text))).toEqual([20, 30]);
  });

  test('asks for the unit when it cannot be seen, and skips NaN', () => {
    const text = range([series({}, ['0.25', 'NaN', '0.5'])]);
    refuse(text).toThrow('Add --unit percent or --unit fraction');
    expect(used(only(text, { unit: 'fraction' }))).toEqual([25, 50]);
    expect(used(only(text, { unit: 'percent' }))).toEqual([0.25, 0.5]);
  });

  test('asks for the unit of a sum of rates, and of a recording rule whose name says utilisation', () => {
    refuse(range([series({}, ['0.4', '1.6'])])).toThrow('divide a sum over CPUs by their number');
    const rule = range([series({ __name__: 'instance:node_cpu_utilisation:rate5m' }, ['0.2', '0.4'])]);
    refuse(rule).toThrow('Add --unit percent or --unit fraction');
    expect(used(only(rule, { unit: 'fraction' }))).toEqual([20, 40]);
  });

  test('asks for the unit of a sum up to the vCPUs of the machine that was recorded', () => {
    const busy = range([series({}, ['0.3', '5.2'])]);
    refuse(busy, { vcpus: 8 }).toThrow('from 0 to 8 only');
    expect(used(only(busy, { vcpus: 2 }))).toEqual([0.3, 5.2]);
    refuse(range([series({}, ['0.3', '8.1'])]), { vcpus: 8 }).toThrow('from 0 to 8 only');
    refuse(range([series({ __name__: 'instance:node_cpu:rate:sum' }, ['0.3', '1.2'])])).toThrow('from 0 to 4 only');
  });

  test('asks for the unit of a mode that can be a sum over CPUs, unless another mode shows percent', () => {
    const idle = ['1.8', '1.9'];
    refuse(range([series({ instance: 'a', mode: 'idle' }, idle)]), { vcpus: 2 }).toThrow('Add --unit percent');
    refuse(range([series({ mode: 'idle' }, ['0.7', '0.8'])])).toThrow('divide a sum over CPUs by their number');
    expect(used(only(range([series({ mode: 'idle' }, ['0.7', '0.8'])]), { unit: 'fraction' }))).toEqual([30, 20]);
    const percent = range([series({ mode: 'idle' }, ['96', '97']), series({ mode: 'steal' }, ['0.3', '0.5'])]);
    expect(readRecorded(percent, 'a.json').metrics.map(({ values }) => [...values])).toEqual([
      [96, 97],
      [0.3, 0.5],
    ]);
  });

  test.each(['node_load1', 'process_open_fds'])('refuses %s, which is no CPU', (name) => {
    refuse(range([series({ __name__: name }, ['1.2', '7'])])).toThrow(
      `cpu.csv: ${name} is not a metric that headroom reads`,
    );
  });

  test('refuses documents of several machines behind each other', () => {
    const of = (instance: string) => range([series({ instance }, ['12', '13'])]);
    refuse(of('web1:9100') + of('web2:9100')).toThrow('is of web1:9100 and cpu.csv of web2:9100. Give files of one');
    expect(used(only(of('web1:9100') + of('web1:9101')))).toEqual([12, 13]);
  });

  test('refuses a counter, several instances, and an instant query', () => {
    refuse(range([series({ mode: 'idle', cpu: '0' }, ['5000', '5060', '5120'])])).toThrow('this is a counter');
    refuse(range([series({ instance: 'a' }, ['2', '3']), series({ instance: 'b' }, ['2', '3'])])).toThrow(
      'several instances (a, b)',
    );
    refuse(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } })).toThrow('query_range');
  });
});

describe('CSV', () => {
  test('reads any order, several columns, semicolons and decimal commas', () => {
    const text = 'Zeit;CPU;Max\n2026-01-05 00:05Z;12,5;40\n2026-01-05 00:00Z;10;30\n';
    const { metrics } = readRecorded(text.replace('Zeit', 'time'), 'a.csv');
    expect(metrics.map(({ statistic }) => statistic)).toEqual(['avg', 'min']);
    expect(used(metrics[0] as RecordedMetric)).toEqual([10, 12.5]);
    expect(used(metrics[1] as RecordedMetric)).toEqual([30, 40]);
  });

  test.each([
    [
      'a decimal comma in quotes',
      '"time","CPU %"\n"2026-01-05 00:00Z","12,5"\n"2026-01-05 00:05Z","7,25"\n',
      [12.5, 7.25],
    ],
    ['a decimal comma between tabs', 'time\tCPU %\n2026-01-05 00:00Z\t12,5\n2026-01-05 00:05Z\t7,25\n', [12.5, 7.25]],
    ['the time in the last column', 'CPU %,host,timestamp\n1,web,2026-01-05 00:00Z\n2,web,2026-01-05 00:05Z\n', [1, 2]],
    ['columns between blanks', '2026-01-05 00:00   1.5\n2026-01-05 00:05  12\n', [1.5, 12]],
    ['a byte order mark', '\ufefftime,cpu %\n2026-01-05 00:00Z,1\n2026-01-05 00:05Z,2\n', [1, 2]],
    [
      'cells without a value',
      'time,cpu %\n2026-01-05 00:00Z,1\n2026-01-05 00:05Z,\n2026-01-05 00:10Z,NaN\n2026-01-05 00:15Z,2\n',
      [1, 2],
    ],
  ])('reads %s', (_, text, values) => {
    expect(used(only(text))).toEqual(values);
  });

  test.each([
    ['what Excel wants to be told', 'sep=;\ntime;CPU %\n2026-01-05 00:00Z;12,5\n2026-01-05 00:05Z;7\n', [12.5, 7]],
    ['a heading with other separators', 'time,"CPU; web, all %"\n2026-01-05 00:00Z,1\n2026-01-05 00:05Z,2\n', [1, 2]],
    ['small values with a percent sign', 'time,cpu\n2026-01-05 00:00Z,0.5%\n2026-01-05 00:05Z,0.25 %\n', [0.5, 0.25]],
    [
      'an empty cell in quotes',
      'time,cpu %\n2026-01-05 00:00Z," "\n2026-01-05 00:05Z,2\n2026-01-05 00:10Z,3\n',
      [2, 3],
    ],
    [
      'the rest of the idle time',
      'time,100 - avg:system.cpu.idle{host:web}\n2026-01-05 00:00Z,1\n2026-01-05 00:05Z,2\n',
      [1, 2],
    ],
    [
      'all modes but idle',
      'time,"sum(rate(node_cpu_seconds_total{mode!=""idle""}[5m])) * 100"\n2026-01-05 00:00Z,1\n2026-01-05 00:05Z,2\n',
      [1, 2],
    ],
    ['files behind each other', 'time,cpu %\n2026-01-05 00:00Z,1\ntime,cpu %\n2026-01-05 00:05Z,2\n', [1, 2]],
    ['a period in minutes', 'Full label,CPUUtilization\nPeriod,5 minutes\n2026/01/05 00:00:00,1\n', [1]],
  ])('reads %s', (_, text, values) => {
    expect(used(only(text))).toEqual(values);
  });

  test('counts the lines of headings that come again', () => {
    refuse('time,cpu\n2026-01-05 00:00Z,1\ntime,cpu\n2026-01-05 00:05Z,0\n2026-01-05 00:10Z,200\n').toThrow(
      'cpu.csv line 5: 200',
    );
  });

  test.each(['CPUUtilization p99', 'CPUUtilization SampleCount', 'cpu 95th percentile'])(
    'refuses %s, which is neither an average nor a maximum',
    (name) => {
      refuse(`time,${name}\n2026-01-05 00:00Z,5\n2026-01-05 00:05Z,5\n`).toThrow(
        `has neither averages nor maxima of CPU, only ${name}. Record Average and Maximum`,
      );
    },
  );

  test.each([
    ['Mon Jan 05 2026 01:05:00 GMT+0100 (Central European Standard Time)', '00:05'],
    ['Mon, 05 Jan 2026 00:05:00 GMT', '00:05'],
    ['05-Jan-2026 00:05 UTC', '00:05'],
    ['05/Jan/2026:00:05:00 +0000', '00:05'],
    ['"Jan 5, 2026, 12:05:00 AM UTC"', '00:05'],
    ['"January 5, 2026 @ 00:05:00.000Z"', '00:05'],
    ['Mon Jan  5 00:05:00 UTC 2026', '00:05'],
    ['2026-01-05 01:05:00 CET', '00:05'],
    ['05.01.26 00:05', '00:05'],
    ['1767571500000000', '00:05'],
    ['1767571500000000000', '00:05'],
  ])('reads the time %s', (time, clock) => {
    const before = '2026-01-05 00:00Z';
    expect(times(only(`${before};5\n${time.replaceAll('"', '')};6\n`).begins)[1]).toBe(`2026-01-05T${clock}`);
    if (time.startsWith('"')) expect(times(only(`${before},5\n${time},6\n`).begins)[1]).toBe(`2026-01-05T${clock}`);
  });

  test('asks for the unit of a column that is named utilization, and of none that says percent', () => {
    const table = (name: string) => `time,${name}\n2026-01-05 00:00Z,0.2\n2026-01-05 00:05Z,0.4\n`;
    refuse(table('cpu_utilization')).toThrow('Add --unit percent or --unit fraction');
    for (const name of ['CPUUtilization', 'cpu percent', 'CPU %']) expect(used(only(table(name)))).toEqual([0.2, 0.4]);
  });

  test('asks for the unit of a column that can be a sum over CPUs, up to the vCPUs of the machine', () => {
    const table = (name: string, most: string) => `time,${name}\n2026-01-05 00:00Z,0.2\n2026-01-05 00:05Z,${most}\n`;
    const sum = '"sum(rate(node_cpu_seconds_total{mode!=""idle""}[5m]))"';
    for (const name of [sum, 'value', '"{instance=""web:9100""}"'])
      refuse(table(name, '1.7'), { vcpus: 2 }).toThrow('from 0 to 4 only');
    refuse(table(sum, '7.5'), { vcpus: 8 }).toThrow('from 0 to 8 only');
    refuse('host,timestamp,value\ni-0abc,2026-01-05 00:00Z,1.7\ni-0abc,2026-01-05 00:05Z,0.2\n').toThrow('0 to 4 only');
    expect(used(only(table('cpu', '1.7')))).toEqual([0.2, 1.7]);
  });

  test.each([
    ['time,mean', 'the column mean does not say what it is the avg of'],
    ['name,time,mean', 'the column mean does not say what it is the avg of'],
  ])('asks what a column is that is named by its statistic alone: %s', (head, message) => {
    const row = (clock: string) => head.replace('name', 'cpu').replace(/time.*/, `2026-01-05 ${clock}Z,97`);
    refuse(`${head},x\n${row('00:00')},1\n${row('00:05')},1\n`).toThrow(message);
  });

  test.each([
    'cpu admin-1',
    'cpu minio',
    'CPU account-api',
    'cpu web1.example.net',
    'cpu {host:max-1}',
    'cpu{instance=""min""}',
  ])('reads the CPU of the machine %s as averages', (name) => {
    const { metrics } = readRecorded(`time,"${name}",x\n2026-01-05 00:00Z,40,1\n2026-01-05 00:05Z,40,1\n`, 'a.csv');
    expect(metrics.map(({ metric, statistic, values }) => [metric, statistic, ...values])).toEqual([
      ['system.cpu.idle', 'avg', 60, 60],
    ]);
  });

  test('refuses rows of several machines, and reads past texts that name none', () => {
    const table = (hosts: readonly string[]) =>
      `time,host,cpu\n${hosts.map((host, index) => `2026-01-05 00:0${index}Z,${host},${20 + index}\n`).join('')}`;
    refuse(table(['web1', 'web2', 'web1'])).toThrow(
      'cpu.csv line 3: the column host has web1 and web2. Keep the rows of your machine, or delete the column',
    );
    for (const texts of [
      ['web1', 'web1'],
      ['Mon', 'Tue'],
      ['web1', ''],
    ])
      expect(used(only(table(texts)))).toEqual([20, 21]);
  });

  test.each(['% Usage', 'CPU % Usage', '% used'])('reads %s as all use, and not as that of user processes', (name) => {
    expect(only(`time,${name}\n2026-01-05 00:00Z,20\n2026-01-05 00:05Z,30\n`).metric).toBe('system.cpu.idle');
  });

  test.each(['Period', 'Account'])('takes no file of the console for one with the heading %s', (name) => {
    const text = `${name},time,cpu\n300,2026-01-05 00:00Z,0.4\n300,2026-01-05 00:05Z,0.5\n`;
    refuse(text).toThrow('Add --unit percent or --unit fraction');
  });

  test.each(['cpu', 'CPU usage', 'cpu_load', 'usage', 'used %', 'Utilization Maximum', '% Processor Time', '%'])(
    'reads the column %s beside others',
    (name) => {
      const row = (time: string) => `2026-01-05 ${time}Z,70,30,40\n`;
      const { metrics } = readRecorded(`time,heap_usage,fs used,${name}\n${row('00:00')}${row('00:05')}`, 'a.csv');
      expect(metrics.map(used)).toEqual([[40, 40]]);
    },
  );

  test.each(['heap_usage', 'fs_usage', 'HeapUsed', 'jvm_gc_cpu', 'connPool busy', 'cpu_queue', 'swap %'])(
    'takes the column %s for no CPU',
    (name) => {
      refuse(`time,${name}\n2026-01-05 00:00Z,20\n2026-01-05 00:05Z,30\n`).toThrow(`no column of CPU, only ${name}`);
    },
  );

  test('reads the kinds of CPU use under the names of Telegraf, in one unit', () => {
    const rows = (values: string) => `2026-01-05 00:00Z,${values}\n2026-01-05 00:05Z,${values}\n`;
    const read = (names: string, values: string) =>
      readRecorded(`time,${names}\n${rows(values)}`, 'a.csv').metrics.map(({ metric, values: [value] }) => [
        metric.replace('system.cpu.', ''),
        value,
      ]);
    const kinds = [
      ['user', 8],
      ['system', 2],
    ];
    expect(read('cpu,usage_user,usage_system,usage_guest,usage_idle', 'cpu-total,8,2,0,90')).toEqual([
      ...kinds,
      ['idle', 90],
    ]);
    expect(read('usage_user,usage_system', '8,2')).toEqual(kinds);
    expect(read('cpu_user,cpu_system,cpu_idle,cpu_steal', '8,2,90,0')).toEqual([...kinds, ['idle', 90], ['stolen', 0]]);
    refuse(`time,usage_user,usage_system\n${rows('0.5,0.2')}`).toThrow('Add --unit percent or --unit fraction');
  });

  test.each([
    ['columns of their own', 'date,time,cpu\n2026-01-05,23:55,10\n2026-01-06,00:00,12\n'],
    ['either order and no header', '23:55:00,05.01.2026,10\n00:00:00,06.01.2026,12\n'],
  ])('joins a date and a clock in %s', (_, text) => {
    const metric = only(text);
    expect(times(metric.begins)).toEqual(['2026-01-05T23:55', '2026-01-06T00:00']);
    expect(used(metric)).toEqual([10, 12]);
    refuse(text.replace(/06,00:00|00:00:00,06/, 'x')).toThrow(/^cpu.csv line [23]: "/);
  });

  test('finds out by all dates of the file whether the month or the day is first', () => {
    const table = (...days: string[]) => days.map((day) => `${day}/2026 12:00:00 AM,5\n${day}/2026 11:00:00 PM,5\n`);
    const begins = (...days: string[]) => times(only(table(...days).join('')).begins).map((at) => at.slice(5, 10));
    expect(begins('1/12', '1/13')).toEqual(['01-12', '01-12', '01-13', '01-13']);
    expect(begins('12/1', '13/1')).toEqual(['01-12', '01-12', '01-13', '01-13']);
    // A day apart, or a month.
    expect(begins('5/1', '6/1', '7/1').at(-1)).toBe('01-07');
    refuse(table('3/4').join('')).toThrow('can be two dates');
  });

  test('reads epochs and times with zones', () => {
    expect(times(only('1767571200,5\n1767571260,6\n').begins)).toEqual(['2026-01-05T00:00', '2026-01-05T00:01']);
    expect(times(only('2026-01-05T01:00+01:00,5\n2026-01-05T01:01+01:00,6\n').begins)).toEqual([
      '2026-01-05T00:00',
      '2026-01-05T00:01',
    ]);
  });

  test('says that times without a zone are read as UTC, and reads them in a given one', () => {
    const text = '2026-07-05 12:00,5\n2026-07-05 12:01,6\n';
    expect(readRecorded(text, 'a.csv').notes.map(({ code }) => code)).toEqual(['times-without-zone']);
    expect(times(only(text, { zone: 'Europe/Berlin' }).begins)[0]).toBe('2026-07-05T10:00');
    expect(() => readRecorded(text, 'a.csv', { zone: 'Mars/Base' })).toThrow('--zone Mars/Base is not a time zone');
  });

  test('reads the hour that a clock change repeats twice, in either order', () => {
    const rows = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'].map((time) => `2026-10-25 ${time},5`);
    const expected = ['23:30', '00:00', '00:30', '01:00', '01:30', '02:00'];
    for (const text of [rows.join('\n'), [...rows].reverse().join('\n')]) {
      expect(times(only(text, { zone: 'Europe/Berlin' }).begins).map((at) => at.slice(11))).toEqual(expected);
    }
  });

  test('takes what rounding leaves below 0 for 0', () => {
    expect(Array.from(only('time,cpu %\n2026-01-05 00:00,-0.3\n2026-01-05 00:05,8\n').values)).toEqual([100, 92]);
  });

  test('knows work of users and of the system by names that end in %', () => {
    const text = 'time,usr %,sys %\n2026-01-05 00:00,5,1\n2026-01-05 00:05,6,2\n';
    expect(readRecorded(text, 'a.csv').metrics.map(({ metric }) => metric)).toEqual([
      'system.cpu.user',
      'system.cpu.system',
    ]);
  });

  test('refuses an hour that a clock change leaves out', () => {
    refuse('2026-03-29 01:59,5\n2026-03-29 02:30,5\n', { zone: 'Europe/Berlin' }).toThrow(
      '2026-03-29 02:30 does not exist in Europe/Berlin',
    );
  });

  test.each([
    ['2026-01-05 00:00,5\n2026-01-05 00:05,130\n', 'cpu.csv line 2: 130 is more than 100 % of all vCPUs'],
    ['2026-01-05 00:00,5\n2026-01-05 00:05,-2\n', 'cpu.csv line 2: -2 is negative'],
    ['2026-01-05 00:00,0.5\n2026-01-05 00:05,-3\n', 'cpu.csv line 2: -3 is negative'],
    ['2026-01-05 00:00,5\n2026-01-05 00:05,x\n', 'cpu.csv line 2: "x" in column 2 is not a number'],
    ['2026-01-05 00:00,5\nyesterday,5\n', 'cpu.csv line 2: "yesterday" is not a time'],
    ['2026-01-05 00:00,5\n2026-01-05 00:00,6\n', 'cpu.csv line 2: CPU use has two values at'],
    ['03/04/2026 10:00,5\n03/04/2026 10:05,5\n', '"03/04/2026 10:00" can be two dates'],
    ['2026-01-05 00:00,5\n', 'cpu.csv has a single time'],
    ['2026-01-05 00:00,0.2\n2026-01-05 00:05,0.3\n', 'Add --unit percent or --unit fraction'],
    ['2026-01-05 00:00,1000\n2026-01-05 00:05,1060\n2026-01-05 00:10,1100\n', 'this is a counter'],
    ['time,alpha,beta\n2026-01-05 00:00,1,2\n', 'has no column of CPU, only alpha, beta'],
    ['time,load1\n2026-01-05 00:00,1\n', 'has no column of CPU, only load1'],
    ['time,cpu a,cpu b\n2026-01-05 00:00,1,2\n', 'the columns cpu a and cpu b are both CPU use'],
    ['time,cpu % of one core\n2026-01-05 00:00,1\n', 'the column cpu % of one core is not of all vCPUs. Divide it by'],
    ['time,system.cpu.total.pct\n2026-01-05 00:00,1.2\n', 'the column system.cpu.total.pct is not of all vCPUs'],
    ['2026-01-05,5\n2026-01-06,6\n', 'cpu.csv has days without times, whose averages hide the busy hours'],
    [
      '{"status":"error","errorType":"bad_data","error":"invalid query"}',
      'holds no metrics but an error: invalid query',
    ],
    ['procs -----memory---- --cpu--\n r b free us id\n 1 0 100 5 95 2026-01-05 00:00:00\n', 'has no column of CPU'],
    ['hello\nworld\n', 'cpu.csv has no line with a time'],
    ['', 'cpu.csv is empty'],
    [
      'CPUUtilization\nDATAPOINTS\t1.5\t2026-01-05T00:00:00Z\tPercent\n',
      'with --output text. Run it with --output json',
    ],
    ['---\n|   GetMetricStatistics   |\n+---+\n', 'with --output table. Run it with --output json'],
    ['Datapoints:\n- Average: 1.5\n', 'with --output yaml. Run it with --output json'],
    ['{"a": [1,\n2', 'cpu.csv line 2 is not JSON'],
    ['{"a": 1}', 'cpu.csv is JSON of an unknown kind'],
    ['{"errors": ["Forbidden"]}', 'cpu.csv holds no metrics but an error: Forbidden'],
    ['{"series": [null]}', 'series[0] is not an object'],
    ['{"MetricDataResults": [null]}', 'MetricDataResults[0] is not an object'],
    ['{"Datapoints": [null]}', 'Datapoints[0] is not an object'],
    ['{"sysstat": {}}', 'has no hosts[0].statistics'],
    ['{"status": "success", "data": {"resultType": "matrix", "result": [{}]}}', 'data.result[0].values is not a list'],
  ])('a file that cannot be used is one sentence: %j', (text, message) => {
    refuse(text).toThrow(message);
  });

  test('leaves repeated points out and counts them', () => {
    const { metrics, notes } = readRecorded('2026-01-05 00:00Z,5\n2026-01-05 00:00Z,5\n2026-01-05 00:05Z,6\n', 'a.csv');
    expect(metrics[0]?.values).toHaveLength(2);
    expect(notes).toMatchObject([{ code: 'points-repeated', points: 1 }]);
  });
});

describe('the period of a point', () => {
  const lengths = (minutes: readonly number[]) => {
    const rows = minutes.map((minute) => `${1_767_571_200 + 60 * minute},5`).join('\n');
    const { begins, ends } = only(rows);
    return Array.from(begins, (begin, index) => ((ends[index] as number) - begin) / 60_000);
  };

  test('changes where the distances do', () => {
    expect(lengths([0, 1, 2, 3, 4, 5, 10, 15, 20])).toEqual([1, 1, 1, 1, 1, 5, 5, 5, 5]);
  });

  test('does not grow over a gap', () => {
    expect(lengths([0, 5, 10, 15, 30, 35, 40, 300, 305])).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 5]);
  });

  test('is a second or an hour as well', () => {
    expect(lengths([0, 60, 120, 180])).toEqual([60, 60, 60, 60]);
    const seconds = only('1767571200,5\n1767571201,6\n1767571202,7\n');
    expect(Array.from(seconds.ends, (end, index) => end - (seconds.begins[index] as number))).toEqual([
      1000, 1000, 1000,
    ]);
  });
});

describe('sar', () => {
  const head = 'Linux 6.1.0 (web) \t01/31/2026 \t_x86_64_\t(2 CPU)\n\n';
  const names = 'CPU     %user     %nice   %system   %iowait    %steal     %idle\n';
  const row = (time: string, steal: string, idle: string) =>
    `${time}     all      2.00      0.00      1.00      0.00      ${steal}     ${idle}\n`;

  test('reads restarts, averages and single CPUs past, and crosses midnight', () => {
    const text = `${head}11:30:01 PM     ${names}${row('11:40:01 PM', '0.50', '96.50')}11:40:01 PM       0      9.00      0.00      9.00      0.00      0.00     82.00\n11:45:00 PM       LINUX RESTART\t(2 CPU)\n${row('11:50:01 PM', '0.00', '97.00')}${row('12:00:01 AM', '0.00', '97.00')}Average:        all      2.00      0.00      1.00      0.00      0.00     97.00\n`;
    const { metrics, host } = readRecorded(text, 'sar.txt');
    const of = (name: string) => metrics.find(({ metric }) => metric === name) as RecordedMetric;
    expect(host).toBe('web');
    expect(Array.from(of('system.cpu.stolen').values)).toEqual([0.5, 0, 0]);
    expect(new Date(of('system.cpu.idle').ends.at(-1) as number).toISOString()).toBe('2026-02-01T00:00:01.000Z');
  });

  test('reads an hour again where the clock is set back, on the same day', () => {
    const clocks = ['02:30:01', '02:40:01', '02:50:01', '02:00:01', '02:10:01'];
    const rows = clocks.map((clock) => row(clock, '0.00', '97.00')).join('');
    const text = `${head.replace('01/31', '10/25')}02:20:01     ${names}${rows}`;
    const { metrics } = readRecorded(text, 'sar.txt', { zone: 'Europe/Berlin' });
    const ends = Array.from(metrics[0]?.ends ?? [], (end) => new Date(end).toISOString().slice(8, 16));
    expect(ends).toEqual(['25T00:30', '25T00:40', '25T00:50', '25T01:00', '25T01:10']);
  });

  test('sadf names the zone of its clock: a name of one zone counts, one of several does not', () => {
    const at = (tz: string) => {
      const statistics = ['01:10:00', '01:20:00'].map((time) => ({
        timestamp: { date: '2026-01-05', time, tz },
        'cpu-load': [{ cpu: 'all', idle: 90 }],
      }));
      const text = JSON.stringify({ sysstat: { hosts: [{ nodename: 'web', statistics }] } });
      const { metrics, notes } = readRecorded(text, 'sadf.json');
      return [new Date(metrics[0]?.begins[0] as number).toISOString().slice(11, 16), notes.map(({ code }) => code)];
    };
    expect(at('UTC')).toEqual(['01:00', []]);
    expect(at('CET')).toEqual(['00:00', []]);
    expect(at('IST')).toEqual(['01:00', ['times-without-zone']]);
  });

  const dayOf = (
    dates: readonly string[],
    rows = row('00:10:01', '0.00', '97.00') + row('00:20:01', '0.00', '97.00'),
  ) => {
    const text = dates.map(
      (date) => `Linux 6.1.0 (web) \t${date} \t_x86_64_\t(2 CPU)\n\n00:00:01     ${names}${rows}\n`,
    );
    const { metrics, notes } = readRecorded(text.join(''), 'sar.txt');
    return [new Date(metrics[0]?.begins[0] as number).toISOString().slice(0, 10), ...notes.map(({ code }) => code)];
  };

  test('reads the dates and decimals of other locales, and says when it had to choose', () => {
    const noZone = 'times-without-zone';
    const comma = row('00:10:01', '0,00', '97,00') + row('00:20:01', '0,00', '97,00');
    const twelve = row('12:10:01 AM', '0.00', '97.00') + row('12:20:01 AM', '0.00', '97.00');
    expect(dayOf(['05.01.2026'], comma.replaceAll('.', ','))).toEqual(['2026-01-05', noZone]);
    expect(dayOf(['05/01/2026'], comma.replaceAll('.', ','))).toEqual(['2026-01-05', noZone]);
    expect(dayOf(['01/05/2026'], twelve)).toEqual(['2026-01-05', noZone]);
    expect(dayOf(['05/01/26', '06/01/26'])).toEqual(['2026-01-05', noZone]);
    expect(dayOf(['05/01/26'])).toEqual(['2026-05-01', 'month-first', noZone]);
  });

  test.each([
    [row('00:10:01', '0.00', '97.00'), 'cpu.csv has no line with a time'],
    [
      `00:00:01     ${names}${row('00:10:01', '0.00', '97.00')}`,
      'cpu.csv line 2: no line like "Linux 6.1 (host) 01/31/2026" gives the date. Include it',
    ],
    [
      `${head}00:00:01     ${names}${row('00:10:01', '0.00', '-2.26')}${row('00:20:01', '0.00', '90.00')}`,
      'cpu.csv line 4: -2.26 is negative',
    ],
    [`${head}00:00:01     kbmemfree\n`, 'has no rows of all CPUs with %idle'],
  ])('a report that cannot be used is one sentence: %#', (text, message) => {
    refuse(text).toThrow(message);
  });
});

describe('Datadog', () => {
  const series = (more: object) => ({
    metric: 'system.cpu.idle',
    expression: 'avg:system.cpu.idle{host:web}',
    scope: 'host:web',
    interval: 300,
    pointlist: [
      [1_767_571_200_000, 90],
      [1_767_571_500_000, null],
      [1_767_571_800_000, 80],
    ],
    ...more,
  });
  const answer = (...all: object[]) => JSON.stringify({ status: 'ok', series: all });

  test('skips empty buckets and keeps the interval', () => {
    const { begins, ends } = only(answer(series({})));
    expect(Array.from(ends, (end, index) => end - (begins[index] as number))).toEqual([300_000, 300_000]);
  });

  test('reads 100 - idle as CPU in use', () => {
    const expression = '100 - avg:system.cpu.idle{host:web}';
    expect(used(only(answer(series({ metric: '(100 - system.cpu.idle)', expression }))))).toEqual([90, 80]);
  });

  test('gives memory in bytes, by the unit of the answer', () => {
    const memory = { metric: 'system.mem.usable', expression: 'avg:system.mem.usable{host:web}' };
    const unit = [{ family: 'bytes', scale_factor: 1_048_576, name: 'mebibyte' }, null];
    expect([...only(answer(series({ ...memory, unit }))).values]).toEqual([90 * 1024 ** 2, 80 * 1024 ** 2]);
    expect([...only(answer(series({ ...memory, unit: [null, null] }))).values]).toEqual([90, 80]);
  });

  test('refuses several hosts and an answer without series', () => {
    refuse(answer(series({}), series({ scope: 'host:db' }))).toThrow('several hosts (host:web, host:db)');
    refuse(answer()).toThrow('cpu.csv has no series');
  });

  test('takes the highest values of a pull as what they are', () => {
    const pull = (intervalS: number) =>
      JSON.stringify({
        host: 'web',
        series: [
          {
            metric: 'system.cpu.idle',
            query: 'min:system.cpu.idle{host:web}.rollup(min, 60)',
            intervalS,
            points: [['2026-01-05T00:00:00Z', 5]],
          },
        ],
      });
    expect(only(pull(60)).statistic).toBe('min');
    // The agent's own interval: there is one value in each.
    expect(only(pull(15)).statistic).toBe('avg');
  });

  describe('of a pull, only what is a metric of the host', () => {
    const pull = (...queries: string[]) =>
      JSON.stringify({
        host: 'i-0abc',
        series: queries.map((query, index) => ({
          metric: 'system.cpu.idle',
          query,
          intervalS: 60,
          points: [[new Date(Date.UTC(2026, 0, 5, 0, index)).toISOString(), 80]],
        })),
      });
    const idleOf = (text: string, host?: string) =>
      readRecorded(text, 'pull.json', { host }).metrics.map(({ metric, values }) => [metric, ...values]);

    test('100 - idle is CPU in use, and the lowest idle time its highest', () => {
      for (const query of [
        '100 - avg:system.cpu.idle{host:i-0abc}',
        '(100-avg:system.cpu.idle{host:i-0abc}.rollup(avg,60))',
      ])
        expect(idleOf(pull(query))).toEqual([['system.cpu.idle', 20]]);
      const lowest = readRecorded(pull('100 - min:system.cpu.idle{host:i-0abc}.rollup(min, 60)'), 'pull.json');
      expect(lowest.metrics[0]?.statistic).toBe('min');
    });

    test.each([
      'avg:system.cpu.idle{host:i-0abc} - 100',
      '100 - avg:system.cpu.idle{host:i-0abc} - avg:system.cpu.iowait{host:i-0abc}',
      '100 - avg:system.cpu.user{host:i-0abc}',
      'abs(avg:system.cpu.idle{host:i-0abc})',
      'avg:system.cpu.idle{host:i-0abc}.rollup(count, 60)',
      'avg:system.cpu.idle{host:i-0abc}.fill(zero)',
      'avg:system.cpu.idle{*}',
      'avg:system.cpu.idle{env:prod}',
      'avg:system.cpu.idle{host:i-0other}',
      'avg:system.cpu.idle{!host:i-0abc}',
      'avg:system.cpu.idle{host:i-0*}',
      'avg:system.cpu.idle{host:i-0abc OR host:i-0other}',
      'avg:system.cpu.idle{host:i-0abc,not env:prod}',
      'avg:system.cpu.idle{host IN (i-0abc,i-0other)}',
      'avg:system.cpu.idle{*} by {host} (host:i-0other)',
      'avg:system.cpu.idle{*} by {env} (env:prod)',
      'avg:system.cpu.idle{host:i-0abc} by {device} (device:a,host:i-0abc)',
    ])('%s is left out', (query) => {
      expect(() => readRecorded(pull(query), 'pull.json')).toThrow('has no metric of the host i-0abc itself, only');
      const { metrics, notes } = readRecorded(pull(query, 'avg:system.cpu.idle{host:i-0abc,env:a}'), 'pull.json');
      expect(metrics.map(({ values }) => [...values])).toEqual([[80]]);
      expect(notes[0]).toMatchObject({ code: 'not-of-the-host', host: 'i-0abc', queries: [query] });
    });

    test('a part of a host is not the host, but a tag of the whole host selects it', () => {
      const disk = { metric: 'system.disk.in_use', query: 'avg:system.disk.in_use{host:i-0abc,device:sda}' };
      const text = JSON.stringify({ host: 'i-0abc', series: [{ ...disk, intervalS: 60, points: [] }] });
      expect(() => readRecorded(text, 'pull.json')).toThrow('has no metric of the host i-0abc itself');
      expect(idleOf(pull('avg:system.cpu.idle{host:i-0abc,env:prod}'))).toEqual([['system.cpu.idle', 80]]);
    });

    test('without a roll-up the values are means, whatever the aggregation across series', () => {
      expect(readRecorded(pull('max:system.cpu.idle{host:i-0abc}'), 'pull.json').metrics[0]?.statistic).toBe('avg');
    });

    test('of several hosts that of the file, or the one that was asked for', () => {
      const both = pull(
        'avg:system.cpu.idle{*} by {host} (host:i-0abc)',
        'avg:system.cpu.idle{*} by {host} (host:I-0OTHER)',
      );
      expect(readRecorded(both, 'pull.json')).toMatchObject({ host: 'i-0abc', metrics: [{ ends: new Float64Array([Date.UTC(2026, 0, 5, 0, 1)]) }] }); // biome-ignore format: short
      expect(readRecorded(both, 'pull.json', { host: 'i-0other' })).toMatchObject({ host: 'i-0other', metrics: [{ ends: new Float64Array([Date.UTC(2026, 0, 5, 0, 2)]) }] }); // biome-ignore format: short
      expect(readRecorded(both, 'pull.json', { host: 'renamed' }).host).toBe('i-0abc');
    });
  });

  test('of an answer with arithmetic, refuses what is no CPU in use', () => {
    for (const expression of ['100 - avg:system.cpu.user{host:web}', 'avg:system.cpu.idle{host:web} * 2'])
      refuse(answer(series({ expression }))).toThrow('is not a metric that headroom reads');
  });
});
