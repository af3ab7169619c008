import { describe, expect, test } from '@jest/globals';
import { readRecorded } from '../../recorded/read-recorded.ts';

/** Metrics with their values. */
function read(text: string) {
  return readRecorded(text, 'cpu.csv').metrics.map(({ metric, values }) => [metric, ...values]);
}

const clocks = ['00:00', '00:05'];
const rows = (names: readonly string[], values: readonly number[]) =>
  clocks
    .map((clock) => names.map((name, index) => `${name},2026-01-05 ${clock}Z,${values[index]}\n`).join(''))
    .join('');

describe('a table with a row for each point of each series', () => {
  test('is read by the names of its series', () => {
    expect(read(`Series,Time,Value\n${rows(['Idle', 'Busy Iowait', 'Disk'], [90, 2, 400])}`)).toEqual([
      ['system.cpu.idle', 90, 90],
      ['system.cpu.iowait', 2, 2],
    ]);
  });

  test('is CPU in use when it has one series of a host', () => {
    expect(read(`host,timestamp,value\n${rows(['i-0abc'], [30])}`)).toEqual([['system.cpu.idle', 70, 70]]);
  });

  test('is that of all CPUs when it has single ones too', () => {
    const names = ['usage_idle cpu0', 'usage_idle cpu-total', 'usage_idle cpu1'];
    expect(read(`_field,_time,_value\n${rows(names, [70, 90, 80])}`)).toEqual([['system.cpu.idle', 90, 90]]);
  });

  test('may repeat its heading before each series, and have empty values', () => {
    const heading = 'Series,Time,Value\n';
    const text = `${heading}${rows(['CPU %'], [5])}${heading}${rows(['Memory used %'], [40])}CPU %,2026-01-05 00:10Z,null\n`;
    expect(read(text)).toEqual([
      ['system.cpu.idle', 95, 95],
      ['memory.used_percent', 40, 40],
    ]);
    expect(() => read(text.replace('05Z,5', '05Z,140'))).toThrow('cpu.csv line 3: 140 is more than 100 %');
    expect(() => read(text.replace('null', 'x'))).toThrow('cpu.csv line 7: "x" in column value is not a number');
  });

  test.each([
    [['cpu web-1', 'cpu web-2'], 'several series of CPU use (cpu web-1, cpu web-2). Keep the rows of your machine'],
    [['disk', 'latency'], 'no series that is named after CPU, only disk, latency. Keep the rows of your machine'],
  ])('is refused when it is not clear which series counts: %j', (names, message) => {
    expect(() => read(`Series,Time,Value\n${rows(names, [20, 30])}`)).toThrow(message);
  });

  test('needs the unit of shares of 1', () => {
    expect(() => read(`Series,Time,Value\n${rows(['cpu'], [0.2])}`)).toThrow('Add --unit percent or --unit fraction');
  });
});
