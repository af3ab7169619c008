import { expect, test } from '@jest/globals';
import { changeFlags, commandLine, folderOfRecord, invocationOf, invocationOfRecord } from '../command-line.ts';

test.each([
  ['/home/me/headroom/dist/cli.js', 'npm run'],
  ['/home/me/headroom/cli.ts', 'npm run'],
  ['/home/me/shop/node_modules/.bin/headroom', 'npx headroom'],
  ['/home/me/.npm/_npx/5a1b/node_modules/.bin/headroom', 'npx headroom-bench'],
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

test.each([
  ['npm run stress', 'npm run stress -- --metrics local'],
  ['npx headroom stress --metrics none --seed 3', 'npx headroom stress --seed 3 --metrics local'],
  ["npm run stress -- --threshold 'a b < 1' --metrics=none", "npm run stress -- --threshold 'a b < 1' --metrics local"],
  [`headroom stress --during 'it'\\''s a b' --rate 5`, `headroom stress --during 'it'\\''s a b' --metrics local`],
])('%s with other flags is a command again', (command, expected) => {
  expect(changeFlags(command, ['--metrics', 'local'], ['rate'])).toBe(expected);
});

test('the folder of a run is below that of its --out', () => {
  expect(folderOfRecord('npm run stress', 'x')).toBe('runs/x');
  expect(folderOfRecord('npm run stress -- --out /tmp/o/ --rate 5', 'x')).toBe('/tmp/o/x');
  expect(folderOfRecord("headroom stress --out '../my runs'", 'x')).toBe('../my runs/x');
});
