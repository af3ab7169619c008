import { expect, test } from '@jest/globals';
import { checkFlagValues } from '../../cli/flag-values.ts';

const types = { array: ['threshold'], boolean: ['json', 'poisson'], number: ['rate', 'credit-clock'] };

test.each([
  [['--json', '--poisson=true', '--no-json', '--json=false', '--out=here'], {}],
  [['--threshold', 'a', '--threshold', 'b'], { threshold: ['a', 'b'] }],
  [['--rate', '5', '--credit-clock=1e2'], { rate: 5, 'credit-clock': 100, creditClock: 100 }],
  [['--rate', '5', '--'], { rate: 5 }],
])('%j is read as it was typed', (words, argv) => {
  expect(checkFlagValues(argv, types, words)).toBe(true);
});

test.each([
  [['--poisson=maybe'], {}, '--poisson takes no value. Give it without "maybe"'],
  [['--no-json=1'], {}, '--no-json takes no value'],
  [['--json='], {}, '--json takes no value'],
  [['--name', 'a', '--name', 'b'], { name: ['a', 'b'] }, '--name was given 2 times. Give it once'],
  [['--rate', '100/s'], { rate: Number.NaN }, '--rate 100/s is not a number: write it without units'],
  [['--credit-clock=5x'], { creditClock: Number.NaN }, '--credit-clock 5x is not a number'],
  [['--json', '--', '--target', 'x'], {}, '--target is not read, as it follows "--". Remove that "--"'],
])('%j is refused', (words, argv, sentence) => {
  expect(() => checkFlagValues(argv, types, words)).toThrow(sentence);
});
