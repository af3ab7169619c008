import { describe, expect, test } from '@jest/globals';
import { findInstanceType, findInstanceTypes } from '../../../model/catalogue/instance-catalogue.ts';
import { readRecorded } from '../../../model/recorded/read-recorded.ts';
import type { RecordedFile } from '../../../model/recorded/recorded-file.ts';
import { fortnight, makeFiles } from '../../../model/test/recorded/make-files.ts';
import { renderRecordSizing } from '../../messages/recorded-text.ts';
import { type RecordSizingInput, sizeRecord } from '../../recorded/size-record.ts';

const medium = findInstanceType('t2.medium');
const files = makeFiles(fortnight(600), 600);

function size(given: readonly RecordedFile[], on: string, more: Partial<RecordSizingInput> = {}) {
  return sizeRecord(given, { of: medium, types: findInstanceTypes('--on', on), start: 'launch', ...more });
}

/** A CSV of 5 minutes each, from 2026-01-05 on. */
function csv(rows: readonly string[], head = 'time,cpu %', stepS = 300): RecordedFile {
  const at = (index: number) => new Date(Date.UTC(2026, 0, 5) + index * stepS * 1000).toISOString();
  return readRecorded([head, ...rows.map((row, index) => `${at(index)},${row}`)].join('\n'), 'cpu.csv');
}

const flat = (value: number | string, count = 14 * 288) => Array.from({ length: count }, () => String(value));

describe('the verdict from a record', () => {
  test.each(Object.entries(files))('is the same for %s', (name, text) => {
    const { instances, history } = size([readRecorded(text, name)], 't2.nano,t2.micro,t2.small');
    expect(history).toMatchObject({ points: 2016, intervalS: 600, from: '2026-01-05T00:00:00.000Z', gaps: [] });
    expect(
      instances.map(({ instanceType, verdict, limitedBy, lowestCredits, throttledHours }) => [
        instanceType,
        verdict,
        limitedBy,
        lowestCredits,
        throttledHours,
      ]),
    ).toEqual([
      ['t2.nano', 'does-not-fit', 'credits', 0, 145.8142],
      ['t2.micro', 'fits', undefined, 26.794, 0],
      ['t2.small', 'fits', undefined, 30, 0],
    ]);
  });

  test('fits when the credits last, and says the lowest balance', () => {
    const { instances, recommendation } = size([csv(flat(4))], 't2.micro');
    expect(instances[0]).toMatchObject({ verdict: 'fits', throttledHours: 0, unservedVcpuHours: 0, meanPercent: 80 });
    expect(recommendation).toMatchObject({ code: 'record-recommend', instanceType: 't2.micro', of: 't2.medium' });
  });

  test('does not fit a type whose vCPUs the demand exceeds for more than half a percent of the time', () => {
    const rows = flat(2);
    // 60 % of two vCPUs is more than one.
    for (let index = 0; index < 30; index++) rows[index * 100] = '60';
    const [micro, small] = size([csv(rows)], 't2.micro,t2.medium').instances;
    expect(micro).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'burst-cpu', aboveAllVcpusHours: 2.5 });
    expect(small).toMatchObject({ verdict: 'fits', aboveAllVcpusHours: 0 });
  });

  test('is inconclusive where the maxima within the periods leave it open', () => {
    const { instances, notes } = size([csv(flat('4,100'), 'time,cpu %,maximum')], 't2.micro');
    expect(instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'burst-cpu' });
    // A mean of 0.08 vCPUs is above 1 vCPU for at most 8 % of the time.
    expect(instances[0]?.aboveAllVcpusHoursRange?.[0]).toBe(0);
    expect(instances[0]?.aboveAllVcpusHoursRange?.[1]).toBeCloseTo(0.08 * 336, 3);
    expect(notes.map(({ code }) => code)).not.toContain('peaks-not-recorded');
  });

  test('counts a maximum of CloudWatch as the minute that it is, so that the bounds seldom part', () => {
    const judge = (busyPeriods: number) => {
      const Datapoints = flat(8).map((_, index) => ({
        Timestamp: new Date(Date.UTC(2026, 0, 5) + 300_000 * index).toISOString(),
        Average: index % 30 === 0 && index / 30 < busyPeriods ? 14 : 4,
        Maximum: index % 30 === 0 && index / 30 < busyPeriods ? 60 : 8,
      }));
      const text = JSON.stringify({ Label: 'CPUUtilization', Datapoints });
      return size([readRecorded(text, 'cpu.json')], 't2.micro').instances[0];
    };
    expect(judge(90)).toMatchObject({ verdict: 'fits', aboveAllVcpusHours: 0, aboveAllVcpusHoursRange: [1.5, 1.5] });
    expect(judge(110)).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'burst-cpu' });
    expect(judge(110)?.because).toMatchObject({ code: 'record-peaks', percentByMaxima: [0.546, 0.546] });
  });

  test('takes periods without a maximum as unknown, and says how many', () => {
    const maxima = csv(flat(30, 288), 'time,cpu % max');
    const { instances, notes } = size([csv(flat(4)), maxima], 't2.micro');
    expect(instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'burst-cpu' });
    // 13 of 14 days with a mean of 0.08 vCPUs.
    expect(instances[0]?.because).toMatchObject({ code: 'record-peaks', percentByMaxima: [0, 7.429] });
    expect(notes).toContainEqual({ code: 'peaks-not-recorded', intervalS: 300, percentWithout: 100 * (13 / 14) });
  });

  test('takes the highest of shorter maxima within each average', () => {
    const rows = flat(8, 14 * 1440);
    // 100 periods of 4032, in their third minute.
    for (let index = 0; index < 100; index++) rows[5 * index + 2] = '90';
    const [micro] = size([csv(flat(4)), csv(rows, 'time,cpu % max', 60)], 't2.micro').instances;
    expect(micro?.checks[0]?.because).toMatchObject({ code: 'record-peaks', percentByMaxima: [0, 0.198] });
  });

  test('is inconclusive for averages over more than an hour, unless maxima show the busy hours', () => {
    const days = flat(4, 30);
    const [daily] = size([csv(days, 'time,cpu %', 86_400)], 't2.micro').instances;
    expect(daily).toMatchObject({ verdict: 'inconclusive', because: { code: 'record-too-coarse', intervalS: 86_400 } });
    const [shown] = size([csv(flat('4,20', 30), 'time,cpu %,maximum', 86_400)], 't2.micro').instances;
    expect(shown?.verdict).toBe('fits');
    expect(size([csv(days, 'time,cpu %', 3600)], 't2.micro').instances[0]?.verdict).toBe('fits');
  });

  test('takes maxima that are the averages as no maxima', () => {
    const { notes } = size([csv(flat('4,4'), 'time,cpu %,maximum')], 't2.micro');
    expect(notes.map(({ code }) => code)).toContain('peaks-not-recorded');
  });

  test('is inconclusive for less than a day, unless the type does not fit already', () => {
    const { instances } = size([csv(flat(4, 200))], 't2.micro');
    expect(instances[0]).toMatchObject({ verdict: 'inconclusive', because: { code: 'record-too-short' } });
    expect(size([csv(flat(60, 200))], 't2.micro').instances[0]?.verdict).toBe('does-not-fit');
  });

  test('says that a record ends in the future', () => {
    const codes = (nowMs: number) => size([csv(flat(4))], 't2.micro', { nowMs }).notes.map(({ code }) => code);
    expect(codes(Date.UTC(2026, 0, 19))).not.toContain('record-in-future');
    expect(codes(Date.UTC(2026, 0, 18))).toContain('record-in-future');
  });

  test('is inconclusive where only maxima were recorded and exceed the type', () => {
    const { instances } = size([csv(flat(60), 'time,cpu % max')], 't2.micro,t2.medium');
    expect(instances[0]).toMatchObject({ verdict: 'inconclusive', because: { code: 'record-maxima-only' } });
  });

  test('is at least what was recorded where CPU was stolen', () => {
    const { instances } = size([csv(flat('4,20'), 'time,cpu %,steal %')], 't2.micro');
    expect(instances[0]).toMatchObject({
      verdict: 'inconclusive',
      limitedBy: 'measurement',
      because: { code: 'record-at-least', cause: 'steal', percentOfTime: 100 },
    });
  });

  test('takes the interval of the speed of another family into account', () => {
    const [, micro] = size([csv(flat(8))], 't2.micro,t3.micro', { mode: 'standard' }).instances;
    expect(micro?.speed?.low).toBeLessThan(micro?.speed?.ratio ?? 0);
    expect(micro?.range?.throttledHours).toHaveLength(2);
    expect(micro?.verdict).toBe('inconclusive');
  });

  test('prices the surplus of unlimited mode', () => {
    const { instances } = size([csv(flat(20))], 't2.micro', { mode: 'unlimited' });
    // 0.3 of 0.4 vCPUs are surplus for 336 h, less the 144 credits that are not charged yet.
    expect(instances[0]?.surplusUsd).toBeCloseTo((0.3 * 336 - 144 / 60) * 0.05, 3);
    expect(instances[0]).toMatchObject({ verdict: 'fits', throttledHours: 0 });
  });

  test('judges memory where it was recorded, and says where it was not', () => {
    const without = size([csv(flat(2))], 't2.micro,t2.large');
    expect(without.notes).toContainEqual({ code: 'memory-not-recorded', types: ['t2.micro'] });
    const memory = readRecorded('time,memory used %\n2026-01-05 00:00Z,40\n2026-01-05 00:05Z,45\n', 'mem.csv', {
      single: 'memory',
    });
    const { instances } = size([csv(flat(2)), memory], 't2.micro,t2.large');
    expect(instances.map(({ verdict, limitedBy }) => [verdict, limitedBy])).toEqual([
      ['does-not-fit', 'memory'],
      ['fits', undefined],
    ]);
  });

  test('takes memory and all else from the part between --from and --to', () => {
    const day = Date.UTC(2026, 0, 6);
    const more = csv(['90', ...flat(20, 4000)], 'time,memory used %');
    const of = (window: Partial<RecordSizingInput>) =>
      size([csv(flat(4)), more], 't2.micro', window).history.memoryBytes;
    expect(of({})).toBe(0.9 * medium.guestMemoryMiB * 1024 ** 2);
    expect(of({ fromMs: day })).toBe(0.2 * medium.guestMemoryMiB * 1024 ** 2);
    expect(of({ fromMs: Date.UTC(2026, 0, 18, 22) })).toBeUndefined();
  });

  test.each([1900, 3.9e6, 8 * 1024 ** 3])('refuses %s bytes of memory, which the machine cannot have', (bytes) => {
    const memory = csv(flat(bytes, 2), 'time,mem_used');
    expect(() => size([csv(flat(4)), memory], 't2.micro')).toThrow('which a t2.medium of 4 GiB cannot have');
  });

  test('refuses files of several machines, also of different weeks', () => {
    const of = (host: string, format: RecordedFile['format']) => ({
      ...csv(flat(4)),
      file: `${host}.json`,
      host,
      format,
    });
    const [one, two] = [of('web1:9100', 'prometheus-range'), of('web2:9100', 'prometheus-range')];
    expect(() => size([one, two], 't2.micro')).toThrow(
      'web1:9100.json is of web1:9100 and web2:9100.json of web2:9100',
    );
    // Datadog names it otherwise.
    expect(size([one, of('i-0abc', 'metrics-pull')], 't2.micro').history.points).toBe(4032);
  });

  test('lists gaps, and counts long ones as stops', () => {
    const rows = flat(4, 600).map((row, index) => [index, row] as const);
    const kept = rows.filter(([index]) => !(index >= 100 && index < 103) && !(index >= 300 && index < 330));
    const text = kept.map(([index, row]) => `${Date.UTC(2026, 0, 5) / 1000 + 300 * index},${row}%`).join('\n');
    const { history, notes } = size([readRecorded(text, 'cpu.csv')], 't2.micro');
    expect(history.gaps).toEqual([
      ['2026-01-05T08:20:00.000Z', '2026-01-05T08:35:00.000Z'],
      ['2026-01-06T01:00:00.000Z', '2026-01-06T03:30:00.000Z'],
    ]);
    expect(notes.map(({ code }) => code)).toEqual([
      'memory-not-recorded',
      'peaks-not-recorded',
      'gaps-bridged',
      'gaps-are-stops',
      'record-short',
    ]);
  });

  test('is that of the part between --from and --to', () => {
    const fromMs = Date.UTC(2026, 0, 6, 0, 2);
    const toMs = Date.UTC(2026, 0, 7);
    const { history } = size([csv(flat(4))], 't2.micro', { fromMs, toMs });
    expect(history).toMatchObject({ from: '2026-01-06T00:02:00.000Z', to: '2026-01-07T00:00:00.000Z', points: 288 });
    expect(() => size([csv(flat(4))], 't2.micro', { toMs: 0 })).toThrow('leave nothing of the record');
  });

  test('reads one metric from several files, and refuses two that differ', () => {
    const [first, second] = [csv(flat(4, 10)), readRecorded('1767575000,5\n1767575300,5\n', 'b.csv')];
    expect(size([first, second], 't2.micro').history.points).toBe(12);
    expect(() => size([first, { ...csv(flat(5, 10)), file: 'b.csv' }], 't2.micro')).toThrow(
      'cpu.csv and b.csv differ at',
    );
    expect(() => size([csv(flat(50), 'time,credit balance')], 't2.micro')).toThrow('the files have no CPU use');
  });

  test('is a table with reasons on a terminal', () => {
    const text = renderRecordSizing(size([csv(flat(4))], 't2.micro,t2.nano'), { color: false });
    expect(text).toContain(
      'CPU of a t2.medium, 2026-01-05 00:00 UTC to 2026-01-19 00:00 UTC (14 days), 4,032 points of 5 min',
    );
    expect(text).toMatch(/t2\.micro {2}fits {20}30\.0 {6,}never/);
    expect(text).toContain('t2.nano: CPU credits run out at 2026-01-05');
    const narrow = renderRecordSizing(size([csv(flat(4))], 't2.micro,t2.nano'), { color: false, columns: 60 });
    expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(narrow).toMatch(/^type +verdict +throttled.* \$\/month$/m);
  });
});

describe('grading against AWS', () => {
  const start = Date.UTC(2026, 0, 5);
  /** AWS's equation for each five minutes of a t2.medium. */
  function balances(
    cpu: readonly number[],
    change: (balance: number, index: number) => number = (balance) => balance,
  ): string[] {
    let balance = 300;
    return cpu.map((percent, index) => {
      balance = change(Math.min(576, Math.max(0, balance + 2 - (percent / 100) * 2 * 5)), index);
      return balance.toFixed(2);
    });
  }
  const cpu = Array.from({ length: 14 * 288 }, (_, index) => 15 + 10 * Math.sin(index / 40));
  const grade = (values: readonly string[], metric = 'CPUCreditBalance') => {
    const rows = cpu.map(
      (percent, index) => `${new Date(start + index * 300_000).toISOString()},${percent},${values[index]}`,
    );
    return size([readRecorded(`time,cpu %,${metric}\n${rows.join('\n')}`, 'a.csv')], 't2.micro').graded;
  };

  test('is within the rounding of what follows its equation', () => {
    const graded = grade(balances(cpu));
    expect(graded?.maxDifferenceCredits).toBeLessThan(0.1);
    expect(graded?.meanDifferenceCredits).toBeLessThan(0.05);
    expect(graded?.findings.map(({ code }) => code)).toEqual(['graded-against-aws']);
  });

  test('says since when the balance differs, and why', () => {
    const restarted = grade(balances(cpu, (balance, index) => (index === 2000 ? 60 : balance)));
    expect(restarted?.findings[1]).toEqual({
      code: 'graded-until',
      at: new Date(start + 2001 * 300_000).toISOString(),
      cause: 'restart',
    });
    const other = grade(balances(cpu).map((value, index) => (index > 2000 ? String(Number(value) + 900) : value)));
    expect(other?.findings[1]).toMatchObject({ cause: 'other-type' });
    expect(other?.maxDifferenceCredits).toBeLessThan(0.1);
  });

  test('compares use by period where only that was recorded', () => {
    const graded = grade(
      cpu.map((percent) => ((percent / 100) * 2 * 5).toFixed(3)),
      'CPUCreditUsage',
    );
    expect(graded?.findings[0]).toMatchObject({ metric: 'usage', points: 14 * 288 });
    expect(graded?.maxDifferenceCredits).toBeLessThan(0.002);
  });
});
