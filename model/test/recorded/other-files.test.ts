// Files of programs besides CloudWatch, Datadog, Prometheus and sar; their usual shape is in read-recorded.test.ts.
import { describe, expect, test } from '@jest/globals';
import { readRecorded } from '../../recorded/read-recorded.ts';
import type { ReadOptions } from '../../recorded/recorded-file.ts';

function read(text: string) {
  const { metrics, host } = readRecorded(text, 'cpu.txt');
  return { host, metrics: metrics.map(({ metric, statistic, values }) => [metric, statistic, ...values]) };
}

describe('sadf -d', () => {
  const head = '# hostname;interval;timestamp;CPU;%usr;%nice;%sys;%iowait;%steal;%irq;%soft;%guest;%gnice;%idle[...]';
  const row = (time: string, cpu: string, idle: string) =>
    `web;600;2026-01-05 ${time} UTC;${cpu};5;0;0;1;0;0;0;0;0;${idle}`;

  test('reads all CPUs, past single ones, restarts and other figures', () => {
    const text = [
      head,
      row('00:10:01', '-1', '94'),
      row('00:10:01', '0', '50'),
      'web;-1;2026-01-05 00:12:00 UTC;LINUX-RESTART\t(2 CPU)',
      row('00:20:01', '-1', '94,5'),
      '# hostname;interval;timestamp;proc/s;cswch/s',
      'web;600;2026-01-05 00:10:01 UTC;0.54;100.27',
    ].join('\n');
    expect(read(text)).toEqual({
      host: 'web',
      metrics: [
        ['system.cpu.user', 'avg', 5, 5],
        ['system.cpu.system', 'avg', 0, 0],
        ['system.cpu.iowait', 'avg', 1, 1],
        ['system.cpu.stolen', 'avg', 0, 0],
        ['system.cpu.idle', 'avg', 94, 94.5],
      ],
    });
  });

  test.each([
    [row('00:10:01', '-1', 'x'), 'cpu.txt line 2: "x" in column idle is not a number'],
    [row('25:10:01', '-1', '5'), 'cpu.txt line 2: "2026-01-05 25:10:01 UTC" is not a time'],
    [row('00:10:01', '0', '5'), 'no rows of all CPUs with %idle. Use sadf -d FILE -- -u'],
    [`${row('00:10:01', '-1', '5')}\n${row('00:20:01', '-1', '5').replace('web', 'db')}`, 'several hosts (web, db)'],
  ])('is refused in one sentence: %s', (rows, message) => {
    expect(() => read(`${head}\n${rows}\n`)).toThrow(message);
  });
});

describe("InfluxDB's line protocol", () => {
  const at = (minute: number) => `${1_767_571_200 + 60 * minute}000000000`;
  const line = (minute: number, tags: string, fields: string) => `cpu${tags} ${fields} ${at(minute)}\n`;

  test('reads use over all CPUs and memory, past counters, single CPUs and other measurements', () => {
    const text = [0, 1]
      .map(
        (minute) =>
          `# a comment\n${line(minute, ',cpu=cpu0,host=web', 'usage_idle=50')}${line(minute, ',cpu=cpu-total,host=web', 'time_idle=9123i,usage_active=3,usage_idle=97')}mem,host=web used_percent=41.5,total=4096i ${at(minute)}\ndisk,host=web,path=/a\\ b used=3i ${at(minute)}\n`,
      )
      .join('');
    expect(read(text)).toEqual({
      host: 'web',
      metrics: [
        ['system.cpu.idle', 'avg', 97, 97],
        ['memory.used_percent', 'avg', 41.5, 41.5],
        ['system.mem.total', 'avg', 4096, 4096],
      ],
    });
  });

  test('reads use in the place of idle time, in any precision of time', () => {
    const text = 'cpu usage_active=3 1767571200\ncpu usage_active=4 1767571260\n';
    expect(read(text).metrics).toEqual([['system.cpu.idle', 'avg', 97, 96]]);
    expect(read(text.replace(/^(.*\d)$/gm, '$1000000')).metrics).toEqual([['system.cpu.idle', 'avg', 97, 96]]);
  });

  test.each([
    [
      line(0, ',cpu=cpu0', 'usage_idle=50'),
      'no CPU over all CPUs. Keep the lines of cpu,cpu=cpu-total with usage_idle',
    ],
    [line(0, ',host=a', 'usage_idle=50') + line(1, ',host=b', 'usage_idle=50'), 'several hosts (a, b)'],
    [`${line(0, '', 'usage_idle=50')}cpu usage_idle=50\n`, 'cpu.txt line 2 has no time'],
    [`${line(0, '', 'usage_idle=50')}nonsense\n`, "cpu.txt line 2 is not InfluxDB's line protocol"],
  ])('is refused in one sentence: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

describe('Azure and Google Cloud', () => {
  const azure = (data: object[], name = 'Percentage CPU') =>
    JSON.stringify({ value: [{ name: { value: name }, timeseries: [{ data }] }] });
  const google = (points: object[], type = 'compute.googleapis.com/instance/cpu/utilization') =>
    JSON.stringify({ timeSeries: [{ metric: { type }, points }] });

  test('gives averages and maxima of Azure, past empty periods', () => {
    const data = ['00:00', '00:05', '00:10'].map((clock, index) => ({
      timeStamp: `2026-01-05T${clock}:00Z`,
      ...(index !== 1 && { average: 10, maximum: 40 }),
    }));
    expect(read(azure(data)).metrics).toEqual([
      ['system.cpu.idle', 'avg', 90, 90],
      ['system.cpu.idle', 'min', 60, 60],
    ]);
  });

  test.each([
    [azure([], 'Network In Total'), 'has no Percentage CPU, only Network In Total'],
    [azure([{ timeStamp: '2026-01-05T00:00:00Z', total: 3 }]), 'Add --aggregation Average Maximum'],
    [azure([{ timeStamp: 'never', average: 3 }]), 'cpu.txt line 1: "never" is not a time'],
    [google([{ interval: {}, value: {} }]), 'undefined is not a time'],
    [
      google([{ interval: { endTime: '2026-01-05T00:00:00Z' }, value: { doubleValue: 1.9 } }]),
      'a shared-core machine that bursts is above 1',
    ],
    [google([], 'compute.googleapis.com/instance/disk/read'), 'no compute.googleapis.com/instance/cpu/utilization'],
    ['{"value": [], "timespan": "x"}', 'has no Percentage CPU, only an empty list'],
  ])('an answer that cannot be used is one sentence: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

test.each([
  ['{"status":"error","errorType":"bad_data","error":"parse error"}', 'holds no metrics but an error: parse error'],
  ['{"errors":[null,"no access"]}', 'holds no metrics but an error: no access'],
  ['{"errors":[],"error":"late"}', 'holds no metrics but an error: late'],
])('an answer that is an error is one sentence: %s', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a null behind a document, as jq prints it, is one sentence', () => {
  const document = { Label: 'CPUUtilization', Datapoints: [{ Timestamp: '2026-01-05T00:00:00Z', Average: 4 }] };
  expect(() => read(`${JSON.stringify(document)}\nnull\n`)).toThrow('cpu.txt has null beside its documents. Delete it');
});

test.each([
  ['a\0\0b', 'cpu.txt is a binary file. Export it as text: a file of sysstat with sadf -j cpu.txt -- -u'],
  ['<!DOCTYPE html><title>Sign in</title>', 'cpu.txt is a web page, perhaps that of a login'],
  ['<?xml version="1.0"?><sysstat/>', 'cpu.txt is XML. Export the metrics as JSON or CSV'],
])('what is no text of metrics is named: %j', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

describe('memory', () => {
  const memory = (name: string, values: readonly number[], options: ReadOptions = { single: 'memory' }) => {
    const rows = values.map((value, index) => `2026-01-05 00:0${index}Z,${value}`);
    const { metrics } = readRecorded(`time,${name}\n${rows.join('\n')}\n`, 'mem.csv', options);
    return metrics.map(({ metric, values: all }) => [metric, ...all]);
  };

  test.each([
    ['mem_used_mb', 1024 ** 2],
    ['kbmemused', 1024],
    ['Memory used (GiB)', 1024 ** 3],
    ['MemUsedMB', 1024 ** 2],
    ['mem_used_bytes', 1],
  ])('of the column %s is in bytes', (name, unit) => {
    expect(memory(name, [1900, 2000])).toEqual([['system.mem.used', 1900 * unit, 2000 * unit]]);
  });

  test('asks for the unit of what can be percent, a share of 1 or GiB', () => {
    for (const name of ['value', 'memory_utilization']) {
      expect(() => memory(name, [0.4, 0.62])).toThrow('Add --unit percent or --unit fraction');
      expect(memory(name, [0.4, 0.62], { single: 'memory', unit: 'fraction' })).toEqual([
        ['memory.used_percent', 40, 62],
      ]);
      expect(memory(name, [0.4, 0.62], { single: 'memory', unit: 'percent' })).toEqual([
        ['memory.used_percent', 0.4, 0.62],
      ]);
    }
    expect(memory('value', [40, 62])).toEqual([['memory.used_percent', 40, 62]]);
    expect(memory('memory used %', [0.4, 0.62])).toEqual([['memory.used_percent', 0.4, 0.62]]);
    expect(() => memory('memory used %', [40, 162])).toThrow('mem.csv line 3: 162 is more than 100 % of the memory');
  });

  test('of Prometheus, without a name, is asked about too', () => {
    const values = [0, 60].map((at) => [1_767_571_200 + at, '0.62']);
    const text = JSON.stringify({
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: {}, values }] },
    });
    expect(() => readRecorded(text, 'mem.json', { single: 'memory' })).toThrow('mem.json has memory from 0 to 5 only');
    const { metrics } = readRecorded(text, 'mem.json', { single: 'memory', unit: 'fraction' });
    expect([...(metrics[0]?.values ?? [])]).toEqual([62, 62]);
  });
});
