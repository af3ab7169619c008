import { describe, expect, test } from '@jest/globals';
import { parsePrometheus } from '../../collectors/prometheus-text.ts';

test('reads names, labels with escapes, and numbers of every kind; the rest is passed over', () => {
  const text = [
    '# HELP a What it is.',
    '# TYPE a counter',
    'a 1',
    'a{x="1",y="two \\"quoted\\" {braces}, and\\nlines"} 2.5e+03 1700000000000',
    'a{x="none"} NaN',
    'ab 7',
    'b{} -3',
    '',
  ].join('\n');
  expect(parsePrometheus(text, new Set(['a', 'b']))).toEqual([
    { name: 'a', labels: {}, value: 1 },
    { name: 'a', labels: { x: '1', y: 'two "quoted" {braces}, and\nlines' }, value: 2500 },
    { name: 'b', labels: {}, value: -3 },
  ]);
});

const only = (line: string) => parsePrometheus(line, new Set(['a', 'b:c', 'http.requests']));

describe('one sample, however it is written', () => {
  test.each<[string, Record<string, string>, number]>([
    ['a{ x="0" , y="idle" } 1000.5 1773306000000', { x: '0', y: 'idle' }, 1000.5],
    ['a {x="0"} 1', { x: '0' }, 1],
    ['a\t{\tx\t=\t"0"\t,\t}\t1\t-5', { x: '0' }, 1],
    ['  a  { x = "0" }  1  ', { x: '0' }, 1],
    ['a{x="0"}1', { x: '0' }, 1],
    ['a{} 0.5 1773306000000', {}, 0.5],
    ['a { } 0.5', {}, 0.5],
    ['a{x="0",} 1', { x: '0' }, 1],
    ['a 1\r', {}, 1],
    ['a +6.0e8', {}, 6e8],
    ['a .5', {}, 0.5],
    ['a 5.', {}, 5],
    ['a 0x1p-2', {}, 0.25],
    [
      'a{path="C:\\\\dir\\\\",text="a \\"quoted\\" } brace\\n"} 7',
      { path: 'C:\\dir\\', text: 'a "quoted" } brace\n' },
      7,
    ],
    ['a{x="\\d"} 7', { x: '\\d' }, 7],
    ['a{x="# {b=1} 9"} 7', { x: '# {b=1} 9' }, 7],
    ['a{x=""} 7', { x: '' }, 7],
    ['a{x="ä 漢"} 7', { x: 'ä 漢' }, 7],
    ['a{"x y"="0"} 7', { 'x y': '0' }, 7],
    ['{"a",x="0"} 7', { x: '0' }, 7],
    ['{ "a" } 7 1773306000.123', {}, 7],
    ['a{x="0"} 17 # {trace_id="KOO5S4vxi0o"} 0.67', { x: '0' }, 17],
    ['a 17 1520879607.789 # {trace_id="a } b",span="1"} 9.8 1520879607.789', {}, 17],
    ['a 17 # {} 0.67', {}, 17],
  ])('%s', (line, labels, value) => {
    expect(only(line)).toEqual([{ name: 'a', labels, value }]);
  });

  test.each(['a NaN', 'a +Inf', 'a -inf', 'a nan 5', 'a{x="0"} Infinity'])('%s is no figure', (line) => {
    expect(only(line)).toEqual([]);
  });

  test.each([
    'a',
    'a{x="0"}',
    'a{x="0" 1',
    'a{x="0} 1',
    'a{x="0" y="1"} 1',
    'a{x=0} 1',
    'a{,} 1',
    'a{x} 1',
    'a one',
    'a 1_000',
    'a 1 soon',
    'a 1 2 3',
    'a 0x10',
    '# a 1',
    '#a 1',
    'a.b 1',
    'a-b 1',
  ])('%s breaks the format, and is passed over', (line) => {
    expect(only(line)).toEqual([]);
  });

  test('names with colons, and quoted ones', () => {
    expect(only('b:c 1\n{"http.requests"} 2').map(({ name }) => name)).toEqual(['b:c', 'http.requests']);
  });

  test('ends at the end of OpenMetrics', () => {
    expect(only('a 1\n# EOF\na 2\n').map(({ value }) => value)).toEqual([1]);
    expect(only('a 1\r\n# HELP EOF x\r\na 2\r\n# EOF').map(({ value }) => value)).toEqual([1, 2]);
  });
});
