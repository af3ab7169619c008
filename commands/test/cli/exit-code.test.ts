import { expect, test } from '@jest/globals';
import { chooseExitCode } from '../../cli/exit-code.ts';

const going = new AbortController().signal;

test.each([
  [[], 0],
  [[0, 0], 0],
  [[0, 4], 4],
  [[4, 3], 3],
])('the codes %j make %i', (codes, code) => {
  expect(chooseExitCode(going, codes)).toBe(code);
});

test('who stops between two runs gets the code of the signal, though the first run is whole', () => {
  expect(chooseExitCode(AbortSignal.abort({ exitCode: 130 }), [0])).toBe(130);
});
