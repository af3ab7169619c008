// What `stress --help` shows, and that its examples are commands that headroom understands.
import { expect, test } from '@jest/globals';
import yargs, { type Argv } from 'yargs';
import { builtInProfiles } from '../../../loadtest/profiles/load-profile.ts';
import { stressFlags } from '../../stress/flags/stress-flags.ts';

type Groups = { getGroups(): Record<string, string[]>; getOptions(): { key: object } };

const parser = yargs([]);
stressFlags(parser as Argv, 'headroom');
const groups = (parser as unknown as Groups).getGroups();

test('every flag stands under exactly one heading', () => {
  const grouped = Object.values(groups).flat();
  const flags = Object.keys((parser as unknown as Groups).getOptions().key).filter((flag) => !/[A-Z]/.test(flag));
  expect([...grouped, 'help', 'version'].toSorted()).toEqual(flags.toSorted());
});

test('the six flags that everybody needs come first, then the headings in the order of a run', () => {
  expect(Object.keys(groups)).toEqual([
    'Start here:',
    'Target:',
    'Load:',
    'Replay:',
    'Instances:',
    'Verdict:',
    'Output:',
  ]);
  expect(groups['Start here:']).toEqual(['target', 'app', 'profile', 'instances', 'daily', 'threshold']);
});

test('the help names every built-in profile', async () => {
  const help = await parser.getHelp();
  for (const name of builtInProfiles) expect(help).toContain(name);
});

test.each([
  ['npm run', 'npm run stress -- --rate 200 --duration 60'],
  ['npx headroom', 'npx headroom stress --rate 200 --duration 60'],
] as const)('after %s its examples begin so', async (invocation, example) => {
  expect(await stressFlags(yargs([]).wrap(null) as Argv, invocation).getHelp()).toContain(example);
});
