import { expect, test } from '@jest/globals';
import { wrapLines } from '../../format/wrap.ts';

const text = 'short\n  a sentence of more than twenty letters, indented\ntwenty-one letters ab';

test('lines that are too long for a terminal are wrapped, each with its own indent', () => {
  expect(wrapLines(text, 20).split('\n')).toEqual([
    'short',
    '  a sentence of more',
    '    than twenty',
    '    letters,',
    '    indented',
    'twenty-one letters',
    '  ab',
  ]);
});

test('without a terminal they stay as they are', () => {
  expect(wrapLines(text, undefined)).toBe(text);
});
