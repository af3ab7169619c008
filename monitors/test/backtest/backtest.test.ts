import { describe, expect, test } from '@jest/globals';
import { alarmValue } from '../../../model/alarms.ts';
import { readRecorded } from '../../../model/recorded/read-recorded.ts';
import type { HostLine } from '../../../model/second.ts';
import { backtest } from '../../backtest/backtest.ts';
import { allDefinitions } from '../../definitions/all.ts';
import { seriesOfFile, seriesOfSamples } from '../../query/recorded-series.ts';
import { madeDefinition } from '../made-definition.ts';

const start = Date.UTC(2026, 0, 1, 12);
const iso = (second: number) => new Date(start + second * 1000).toISOString();
const host = 'i-0abc';
const cpuUser = await madeDefinition('cpu-user', host);

/** One sample a second: rest, two minutes of load from 12:05 on, rest. */
const samples: HostLine[] = Array.from({ length: 1200 }, (_, second) => ({
  kind: 'host',
  at: iso(second + 1),
  source: 'local',
  host: 'ip-10-0-0-1',
  intervalS: 1,
  // A spike of two seconds at 12:01 is none to an agent that averages over 15 s.
  metrics: { 'system.cpu.user': second >= 300 && second < 420 ? 80 : second === 60 || second === 61 ? 100 : 10 },
}));
const series = seriesOfSamples(samples, host);

const crossed = (value: number) => ({
  code: 'threshold-crossed',
  aggregation: 'max',
  windowS: 300,
  value,
  unit: '%',
  comparator: '>=',
  limit: 50,
  text: `max over 5 min is ${value} %, at least 50`,
});

describe('backtest', () => {
  test('shows when the monitor fires and recovers, and why', () => {
    const { document, exitCode, text } = backtest({ definitions: [cpuUser], series });
    expect(document.monitors).toEqual([
      {
        key: 'cpu-user',
        name: 'CPU load is very high on i-0abc',
        query: 'max(last_5m):max:system.cpu.user{host:i-0abc} >= 50',
        evaluations: 20,
        unit: '%',
        worst: 80,
        windowS: 300,
        transitions: [
          { at: iso(360), from: 'OK', to: 'Alert', value: 80, why: crossed(80) },
          {
            at: iso(720),
            from: 'Alert',
            to: 'OK',
            value: 10,
            why: {
              ...crossed(10),
              code: 'threshold-no-longer-crossed',
              text: 'max over 5 min is 10 %, no longer at least 50',
            },
          },
        ],
      },
    ]);
    expect(text).toContain(`${iso(360)}  OK -> Alert  max over 5 min is 80 %, at least 50`);
    expect(exitCode).toBe(0);
  });

  test('a reason names the evaluation delay, and rounds its value', async () => {
    const empty = samples.map((sample) => ({ ...sample, metrics: { 'aws.ec2.cpucredit_balance': 0.00003657 } }));
    const { document } = backtest({
      definitions: [await madeDefinition('cpu-credits', host)],
      series: seriesOfSamples(empty, host),
    });
    expect(document.monitors[0]?.transitions[0]?.why.text).toBe(
      'min over 30 min is 0 credits, below 20 (evaluation delay: 15 min)',
    );
  });

  test('a value has three digits, or more where three would be those of the threshold', () => {
    expect(alarmValue(67.96, '%', 50)).toBe('68 %');
    expect(alarmValue(49.996, '%', 50)).toBe('49.996 %');
  });

  test('finds the thresholds that catch the breach and nothing else', () => {
    const { document } = backtest({
      definitions: [cpuUser],
      series,
      breaches: [{ from: iso(300), to: iso(420) }],
    });
    // Two seconds of 100 in the 15 s from 12:01:00 on.
    expect(document.monitors[0]?.sweep).toEqual({
      catches: { quiet: (2 * 100 + 13 * 10) / 15, worst: 80, suggested: 50 },
    });
  });

  test('a breach below the other values has no threshold', () => {
    const { document } = backtest({
      definitions: [cpuUser],
      series,
      breaches: [{ from: iso(1000), to: iso(1010) }],
    });
    expect(document.monitors[0]?.sweep?.why).toMatchObject({
      code: 'no-threshold-separates',
      quiet: 80,
      breach: 10,
    });
  });

  test('a metric that was not recorded is no data with a reason, not silence', async () => {
    const { document } = backtest({ definitions: await allDefinitions({ host, recipients: [], tags: [] }), series });
    const credits = document.monitors.find(({ key }) => key === 'cpu-credits');
    expect(credits).toMatchObject({
      transitions: [],
      evaluations: 0,
      noData: { code: 'metric-not-recorded', metric: 'aws.ec2.cpucredit_balance' },
    });
  });

  test('a query about another host is no data', async () => {
    const { document, exitCode } = backtest({ definitions: [await madeDefinition('cpu-user', 'i-other')], series });
    expect(document.monitors[0]?.noData?.text).toBe(
      'system.cpu.user was recorded for host:i-0abc, not for host:i-other',
    );
    expect(exitCode).toBe(4);
  });

  test('works on a pull', () => {
    const points = Array.from({ length: 40 }, (_, index) => [iso(index * 15), index < 20 ? 5 : 60] as const);
    const pull = JSON.stringify({
      host,
      from: iso(0),
      to: iso(600),
      series: [{ metric: 'system.cpu.user', query: 'q', unit: 'percent', intervalS: 15, points }],
      missing: [],
    });
    const { document } = backtest({
      definitions: [cpuUser],
      series: seriesOfFile(readRecorded(pull, 'pull.json'), host),
    });
    expect(document.monitors[0]?.transitions.map(({ at, to }) => [at, to])).toEqual([[iso(360), 'Alert']]);
  });

  describe('on a pull of the host i-0abc', () => {
    const pulled = (query: string, value: (minute: number) => number, metric = 'system.cpu.idle', minutes = 30) => ({
      metric,
      query,
      unit: '',
      intervalS: 60,
      points: Array.from({ length: minutes }, (_, minute) => [iso(60 * minute), value(minute)] as const),
    });
    const backtested = (series: readonly unknown[], definition: typeof cpuUser) => {
      const text = JSON.stringify({ host, from: iso(0), to: iso(1800), series, missing: [] });
      const [monitor] = backtest({
        definitions: [definition],
        series: seriesOfFile(readRecorded(text, 'pull.json'), host),
      }).document.monitors;
      if (!monitor) throw new Error('no monitor');
      return monitor;
    };

    test('CPU in use that stands under the name of the idle time is CPU in use', async () => {
      const busy = pulled('100 - avg:system.cpu.idle{host:i-0abc}', () => 80);
      const total = await madeDefinition('cpu-total', host);
      expect(backtested([busy], total)).toMatchObject({ worst: 80, transitions: [{ to: 'Warn', value: 80 }] });
    });

    test("another host's points fire nothing", () => {
      const user = (of: string, value: number) =>
        pulled(`avg:system.cpu.user{*} by {host}.rollup(avg, 15) (host:${of})`, () => value, 'system.cpu.user');
      expect(backtested([user('i-0other', 95), user('i-0abc', 5)], cpuUser)).toMatchObject({
        worst: 5,
        transitions: [],
      });
    });

    test('a change is that of the points: 40 though the window reached 50 before too', () => {
      const gauge = pulled(
        'avg:my.gauge{host:i-0abc}',
        (minute) => (minute === 0 || minute === 6 ? 50 : 10),
        'my.gauge',
        10,
      );
      const definition = { ...cpuUser, comparator: '>' as const, thresholds: { critical: 30 }, series: 'change(max(last_5m),5m_ago):avg:my.gauge{host:i-0abc}' }; // biome-ignore format: short
      expect(backtested([gauge], definition)).toMatchObject({ worst: 40, transitions: [{ to: 'Alert', value: 40 }] });
    });

    test('a rate of a metric of unknown type is refused, that of a count is per second', () => {
      const rate = (metric: string) => {
        const definition = { ...cpuUser, comparator: '>' as const, thresholds: { critical: 1 }, series: `avg(last_5m):sum:${metric}{host:i-0abc}.as_rate()` }; // biome-ignore format: short
        return backtested([pulled(`sum:${metric}{host:i-0abc}`, (minute) => minute + 1, metric, 5)], definition);
      };
      expect(rate('requests.error')).toMatchObject({
        evaluations: 0,
        noData: { code: 'metric-type-unknown', text: expect.stringMatching(/^Only Datadog can evaluate as_rate\(\) on requests\.error:/) }, // biome-ignore format: short
      });
      const counted = rate('nginx.server_zone.responses.5xx_count');
      expect(counted.worst).toBeCloseTo(0.05, 12);
      expect(counted.transitions).toEqual([]);
    });
  });

  describe('on a record that is not what Datadog evaluates', () => {
    const series = (
      metric: string,
      intervalS: number,
      values: readonly number[],
      statistic?: 'max' | 'min' | 'sum',
    ) => ({
      metric,
      tags: ['host:i-0abc'],
      intervalS,
      ...(statistic && { statistic }),
      points: values.map((value, index) => [start + 1000 * intervalS * (index + 1), value] as const),
    });
    const record = [
      series(
        'fine',
        15,
        Array.from({ length: 80 }, () => 1),
      ),
      series(
        'coarse',
        60,
        Array.from({ length: 20 }, () => 2),
      ),
      series(
        'coarser',
        120,
        Array.from({ length: 10 }, () => 3),
      ),
      series(
        'system.load.1',
        60,
        Array.from({ length: 20 }, () => 4),
      ),
      series(
        'system.cpu.user',
        60,
        Array.from({ length: 20 }, () => 50),
      ),
      series(
        'system.cpu.user',
        60,
        Array.from({ length: 20 }, () => 90),
        'max',
      ),
      series(
        'system.cpu.idle',
        60,
        Array.from({ length: 20 }, () => 10),
        'min',
      ),
      series(
        'system.mem.used',
        60,
        Array.from({ length: 20 }, () => 10),
        'sum',
      ),
    ];
    const evaluated = (query: string) => {
      const definition = { ...cpuUser, message: '', comparator: '>' as const, thresholds: { critical: 1000 }, series: query }; // biome-ignore format: short
      return backtest({ definitions: [definition], series: record }).document.monitors[0];
    };

    test('arithmetic on metrics that were not recorded has no data', () => {
      const query = 'max(last_5m):avg:never{host:i-0abc} / avg:nowhere{host:i-0abc}';
      expect(JSON.stringify(evaluated(query)?.noData)).not.toMatch(/undefined|intervals-differ/);
    });

    test.each([
      ['max(last_5m):avg:fine{host:i-0abc} / avg:coarse{host:i-0abc}', 'intervals-differ'],
      ['change(avg(last_5m),5m_ago):avg:coarser{host:i-0abc}', 'shift-between-points'],
      ['change(avg(last_5m),1d_ago):avg:fine{host:i-0abc}', 'record-below-shift'],
      ['sum(last_5m):avg:system.load.1{host:i-0abc}', 'sum-of-coarse-points'],
      ['max(last_1m):avg:coarser{host:i-0abc}', 'window-below-interval'],
      ['avg(last_5m):avg:system.cpu.idle{host:i-0abc}', 'statistic-not-recorded'],
      ['max(last_5m):max:system.cpu.idle{host:i-0abc}', 'statistic-not-recorded'],
      ['min(last_5m):100 - avg:system.cpu.idle{host:i-0abc}', 'statistic-not-recorded'],
      ['min(last_5m):avg:system.cpu.idle{host:i-0abc}.rollup(avg, 60)', 'statistic-not-recorded'],
      ['max(last_5m):avg:system.mem.used{host:i-0abc}', 'statistic-not-recorded'],
      ['max(last_5m):avg:fine{*} by {device}', 'group-not-recorded'],
      ['max(last_5m):avg:system.load.1{host:i-0abc}.rollup(sum, 120)', 'sum-of-coarse-points'],
      ['max(last_5m):avg:coarse{host:i-0abc}.rollup(count, 120)', 'sum-of-coarse-points'],
      ['avg(last_5m):avg:coarse{host:i-0abc}.rollup(avg, 90)', 'roll-up-between-points'],
      ['avg(last_5m):avg:fine{host:i-0abc,!env:dev}', 'tags-not-recorded'],
      ['avg(last_5m):avg:fine{host:i-0abc AND env NOT IN (dev)}', 'tags-not-recorded'],
      ['avg(last_5m):avg:fine{host:"i-0abc"}', 'datadog-only'],
    ])('%s: %s', (query, code) => {
      expect(evaluated(query)).toMatchObject({ evaluations: 0, transitions: [], noData: { code } });
    });

    test.each([
      ['max(last_5m):avg:fine{host:i-0abc}.rollup(avg, 60) / avg:coarse{host:i-0abc}', 0.5],
      ['change(avg(last_4m),4m_ago):avg:coarser{host:i-0abc}', 0],
      ['sum(last_5m):avg:system.load.1{host:i-0abc}.rollup(avg, 60)', 20],
      ['max(last_5m):max:system.cpu.user{host:i-0abc}', 90],
      ['avg(last_5m):max:system.cpu.user{host:i-0abc}', 50],
      ['min(last_5m):100 - 2 * avg:system.cpu.user{host:i-0abc}', -80],
      ['max(last_5m):100 - avg:system.cpu.idle{host:i-0abc}', 90],
      ['max(last_5m):max:system.cpu.user{host:i-0abc}.rollup(max, 120)', 90],
    ])('%s comes to %d', (query, worst) => {
      expect(evaluated(query)?.worst).toBe(worst);
    });

    test('a gap in one of two series is interpolated by Datadog, unless it is a count or told not to', () => {
      const values = Array.from({ length: 80 }, () => 1);
      const hole = (metric: string) => {
        const whole = series(metric, 15, values);
        return { ...whole, points: whole.points.filter((_, index) => index < 40 || index > 43) };
      };
      const count = 'nginx.server_zone.requests_count';
      const record = [series('whole', 15, values), hole('holed'), hole(count), { ...series('late', 15, values.slice(60)), intervalS: 15 }]; // biome-ignore format: short
      const codeOf = (query: string) =>
        backtest({ definitions: [{ ...cpuUser, message: '', series: `avg(last_5m):${query}` }], series: record })
          .document.monitors[0]?.noData?.code;
      expect(codeOf('avg:whole{host:i-0abc} + avg:holed{host:i-0abc}')).toBe('gaps-differ');
      expect(codeOf('avg:holed{host:i-0abc}.fill(null) / avg:whole{host:i-0abc}')).toBeUndefined();
      expect(codeOf('avg:whole{host:i-0abc} * avg:late{host:i-0abc}')).toBeUndefined();
      expect(codeOf('avg:holed{host:i-0abc} * 2')).toBeUndefined();
      expect(codeOf(`sum:${count}{host:i-0abc}.as_rate() / avg:whole{host:i-0abc}`)).toBeUndefined();
    });

    test('what the record has not is no data, what cannot be evaluated is not evaluated', () => {
      const textOf = (query: string) =>
        backtest({ definitions: [{ ...cpuUser, message: '', series: query }], series: record }).text;
      expect(textOf('max(last_5m):max:never{host:i-0abc}')).toContain('\n  no data: never was not recorded');
      expect(textOf('max(last_5m):max:fine{host:i-0b}')).toContain('\n  no data: fine was recorded for');
      expect(textOf('max(last_5m):max:fine{host:i-0abc}.fill(zero)')).toContain(
        '\n  not evaluated: Only Datadog can evaluate fill(zero)',
      );
      expect(textOf('max(last_1m):avg:coarser{host:i-0abc}')).toContain(
        '\n  not evaluated: coarser was recorded every',
      );
    });

    test('a silent monitor of a peak says that means of minutes hide peaks; one that fires, or waits for a mean, does not', () => {
      const warnings = (query: string, critical: number) => {
        const definition = {
          ...cpuUser,
          message: '',
          comparator: '>' as const,
          thresholds: { critical },
          series: query,
        };
        return backtest({ definitions: [definition], series: record }).document.warnings;
      };
      expect(warnings('max(last_5m):max:coarse{host:i-0abc}', 5)).toMatchObject([
        { code: 'peaks-averaged', key: 'cpu-user', metric: 'coarse', intervalS: 60 },
      ]);
      expect(warnings('max(last_5m):max:coarse{host:i-0abc}', 1)).toBeUndefined();
      expect(warnings('avg(last_5m):max:coarse{host:i-0abc}', 5)).toBeUndefined();
      expect(warnings('max(last_5m):max:fine{host:i-0abc}', 5)).toBeUndefined();
      expect(warnings('max(last_5m):max:system.cpu.user{host:i-0abc}', 95)).toBeUndefined();
    });

    test('a scope that selects other hosts, and a window that is longer than the record, are warnings', () => {
      const warned = (query: string) => {
        const definition = { ...cpuUser, message: '', comparator: '>' as const, thresholds: { critical: 1000 }, series: query }; // biome-ignore format: short
        const { warnings = [] } = backtest({ definitions: [definition], series: record }).document;
        return warnings.map(({ code }) => code);
      };
      for (const scope of ['*', 'host:i-*', 'host:i-0abc OR env:prod'])
        expect(warned(`avg(last_5m):sum:fine{${scope}}`)).toEqual(['other-hosts-unseen']);
      expect(warned('avg(last_5m):sum:fine{*} by {host}')).toEqual([]);
      expect(warned('avg(last_20m):sum:fine{host:i-0abc}')).toEqual([]);
      expect(warned('avg(last_21m):sum:fine{host:i-0abc}')).toEqual(['record-below-window']);
    });

    test('a window in which nothing was counted is 0 for one count, and no data for a monitor that tells of it', () => {
      const count = 'nginx.server_zone.responses.5xx_count';
      const gap = { ...series(count, 60, [0, 50, 0, 1]) };
      const points = gap.points.map(([at, value], index) => [index < 3 ? at : at + 900_000, value] as const);
      const definition = { ...cpuUser, comparator: '>' as const, thresholds: { critical: 10 }, series: `sum(last_5m):sum:${count}{host:i-0abc}.as_count()` }; // biome-ignore format: short
      const states = (missingData: 'ignore' | 'notify') =>
        backtest({
          definitions: [{ ...definition, missingData }],
          series: [{ ...gap, points }],
        }).document.monitors[0]?.transitions.map(({ to, value }) => [to, value]);
      expect(states('ignore')).toEqual([['Alert', 50], ['OK', 0]]); // biome-ignore format: short
      expect(states('notify')).toEqual([['Alert', 50], ['OK', 0], ['No Data', undefined], ['OK', 1]]); // biome-ignore format: short
    });
  });

  test('a wrong definition is refused as a whole', () => {
    expect(() => backtest({ definitions: [{ ...cpuUser, series: 'max(last_5m):x' }], series })).toThrow(
      'expected a scope',
    );
  });
});

describe('seriesOfSamples', () => {
  test('takes each metric from one source: the primary one when it has it', () => {
    const other: HostLine = {
      kind: 'host',
      at: iso(15),
      source: 'datadog',
      host: 'h',
      intervalS: 15,
      metrics: { 'system.cpu.user': 77, 'system.load.1': 2 },
    };
    const both = [...samples.slice(0, 15), other];
    const figures = (primary?: string) =>
      seriesOfSamples(both, host, primary).map(({ metric, points }) => [metric, points.map(([, value]) => value)]);
    expect(figures()).toEqual([
      ['system.cpu.user', [10]],
      ['system.load.1', [2]],
    ]);
    expect(figures('datadog')).toEqual([
      ['system.cpu.user', [77]],
      ['system.load.1', [2]],
    ]);
  });

  test('weighs by time and keeps a coarse source as it is', () => {
    const line = (endS: number, intervalS: number, user: number): HostLine => ({
      kind: 'host',
      at: iso(endS),
      source: 's',
      host: 'h',
      intervalS,
      metrics: { 'system.cpu.user': user },
    });
    expect(seriesOfSamples([line(5, 5, 10), line(15, 10, 40), line(16, 1, 99)], host)).toEqual([
      {
        metric: 'system.cpu.user',
        tags: ['host:i-0abc'],
        intervalS: 15,
        points: [
          [start + 15_000, 30],
          [start + 30_000, 99],
        ],
      },
    ]);
    expect(seriesOfSamples([line(60, 60, 10)], host)[0]).toMatchObject({
      intervalS: 60,
      points: [[start + 60_000, 10]],
    });
  });
});
