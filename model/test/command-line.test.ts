import { expect, test } from '@jest/globals';
import { commandLine, invocationOf, invocationOfRecord } from '../command-line.ts';

test.each([
  ['/home/me/headroom/dist/cli.js', 'npm run'],
  ['/home/me/headroom/cli.ts', 'npm run'],
  ['/home/me/shop/node_modules/.bin/headroom', 'npx headroom'],
  ['/usr/local/bin/headroom', 'headroom'],
])('%s was started as %s', (mainFile, invocation) => {
  expect(invocationOf(mainFile)).toBe(invocation);
});

test.each([
  ['npm run', 'npm run size -- runs/r1 --daily 1000'],
  ['npx headroom', 'npx headroom size runs/r1 --daily 1000'],
  ['headroom', 'headroom size runs/r1 --daily 1000'],
] as const)('a command after %s is pasted as "%s" and recognised in a record', (invocation, line) => {
  expect(commandLine(invocation, 'size', ['runs/r1', '--daily', 1000])).toBe(line);
  expect(invocationOfRecord(line)).toBe(invocation);
});

test('npm needs no -- where no word follows, and a shell gets each word whole', () => {
  expect(commandLine('npm run', 'stress')).toBe('npm run stress');
  expect(commandLine('headroom', 'stress', ['--threshold', "it's < 1"])).toBe(
    `headroom stress --threshold 'it'\\''s < 1'`,
  );
});
