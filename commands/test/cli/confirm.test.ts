import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { chooseConfirm } from '../../cli/confirm.ts';

/** A terminal whose person types the text. */
function terminal(typed: string | undefined, signal = new AbortController().signal) {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  if (typed !== undefined) stdin.end(typed);
  return { stdin, stderr, interactive: true, signal };
}

test.each([
  ['y\n', true],
  ['YES\n', true],
  ['yes', true],
  ['n\n', false],
  ['\n', false],
  ['yesterday\n', false],
  ['', false],
])('%j is %j', async (typed, agreed) => {
  const context = terminal(typed);
  expect(await chooseConfirm(false, context)?.('+ cpu-user')).toBe(agreed);
  expect(String(context.stderr.read())).toBe('+ cpu-user\nApply this plan? [y/N] ');
});

test('--yes leaves the question out', () => {
  expect(chooseConfirm(true, { ...terminal(''), interactive: false })).toBeUndefined();
});

test('where nobody can be asked, that is said', () => {
  expect(() => chooseConfirm(false, { ...terminal(''), interactive: false })).toThrow('--yes');
});

test('a signal ends the question without an answer', async () => {
  const stopped = new AbortController();
  const asking = chooseConfirm(false, terminal(undefined, stopped.signal))?.('+ cpu-user');
  stopped.abort();
  await expect(asking).rejects.toThrow('stopped');
});
