import { expect, test } from '@jest/globals';
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
