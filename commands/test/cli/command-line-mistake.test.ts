import { expect, test } from '@jest/globals';
import { describeMistake } from '../../cli/command-line-mistake.ts';

const known = { flags: ['rate', 'metrics-url', 'help'], commands: ['stress', 'report'] };

test.each([
  ['Unknown argument: raet', ['--raet', '5'], '--raet is not a known flag. Did you mean --rate?'],
  [
    'Unknown argument: metrics-ulr',
    ['--metrics-ulr=x'],
    '--metrics-ulr is not a known flag. Did you mean --metrics-url?',
  ],
  [
    'Unknown arguments: metrics-ulr, metricsUlr',
    ['--metrics-ulr=x'],
    '--metrics-ulr is not a known flag. Did you mean --metrics-url?',
  ],
  ['Unknown argument: z', ['-z'], '-z is not a known flag'],
  ['Unknown argument: raet', ['--no-raet'], '--no-raet is not a known flag. Did you mean --rate?'],
  ['Unknown argument: strees', ['strees'], '"strees" is not a known command or flag. Did you mean stress?'],
  ['Unknown command: reprot', ['reprot'], '"reprot" is not a known command or flag. Did you mean report?'],
  ['Unknown argument: qqq', ['--qqq'], '--qqq is not a known flag'],
  [
    'Unknown arguments: raet, qqq',
    ['--raet', '--qqq'],
    '--raet is not a known flag. Did you mean --rate? --qqq is not a known flag',
  ],
  ['Not enough arguments following: rate', ['--rate'], 'give a value to --rate'],
  ['Missing required arguments: instance, trace', [], 'missing: --instance and --trace'],
  ['Missing required arguments: host, from, to', [], 'missing: --host, --from and --to'],
  [
    'Unknown argument: t2.micro',
    ['--instances', 't2.medium,', 't2.micro'],
    '"t2.micro" follows a blank. Write the list without it: t2.medium,t2.micro',
  ],
  [
    'Unknown command: localhost:3000',
    ['localhost:3000'],
    '"localhost:3000" is not a flag. Give it as http://localhost:3000/',
  ],
  [
    'Unknown argument: http://b/',
    ['stress', '--target', 'http://a/', 'http://b/'],
    '"http://b/" is a second target. Give one',
  ],
  ['Unknown command: ftp://a/', ['ftp://a/'], '"ftp://a/" is not an http or https URL'],
  ['Unknown argument: runs/x', ['stress', 'runs/x'], '"runs/x" is an extra argument. Remove it'],
  [
    'Invalid values:\n  Argument: mode, Given: "often", Choices: "standard", "unlimited"',
    ['--mode', 'often'],
    '--mode often is not one of standard, unlimited',
  ],
  [
    'Invalid values:\n  Argument: fail-on, Given: "bad", Choices: "worse"',
    ['--fail-on', 'bad'],
    '--fail-on bad is not known. Use worse',
  ],
  [
    'Not enough non-option arguments: got 0, need at least 1',
    ['size'],
    'an argument is missing: give a run folder, like runs/ID',
  ],
  ['give a command', [], 'give a command'],
])('%s', (message, words, sentence) => {
  expect(describeMistake(message, words, known)).toBe(sentence);
});

test('an address behind a command needs its flag', () => {
  const said = describeMistake('Unknown argument: http://a.b/', ['http://a.b/'], { flags: [], commands: [] });
  expect(said).toBe('"http://a.b/" is not a flag. Give it as --target http://a.b/');
});
