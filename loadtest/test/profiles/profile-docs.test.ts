// Where the built-in profiles are listed outside the code: `npm run golden` rewrites these places.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { writtenKinds } from '../../../model/profile.ts';
import { builtInProfiles, loadProfile } from '../../profiles/load-profile.ts';

const rows = builtInProfiles.map((name) => `| \`${name}\` | ${loadProfile(name).description} |`);
// The first choice of a Jenkins parameter is its default.
const choices = ['stress', ...builtInProfiles.filter((name) => name !== 'stress')].map((name) => `'${name}'`);

test.each([
  [
    'docs/profiles.md',
    /(?<=<!-- profiles -->\n)[\s\S]*(?=<!-- \/profiles -->)/,
    `| profile | load |\n|---|---|\n${rows.join('\n')}\n`,
  ],
  ['Jenkinsfile', /(?<=choice\(name: 'PROFILE', choices: \[)[^\]]*(?=\])/, choices.join(', ')],
])('%s has every built-in profile', (file, place, list) => {
  const url = new URL(`../../../${file}`, import.meta.url);
  const text = readFileSync(url, 'utf8');
  expect(text).toMatch(place);
  const expected = text.replace(place, () => list);
  if (process.env.UPDATE_GOLDEN) writeFileSync(url, expected);
  expect(readFileSync(url, 'utf8')).toBe(expected);
});

test.each(writtenKinds)('docs/profiles.md has a row for stages of kind %s', (kind) => {
  const [, file = ''] = readFileSync(new URL('../../../docs/profiles.md', import.meta.url), 'utf8').split(
    '\n## A file\n',
  );
  expect(file).toMatch(new RegExp(`^\\| \`${kind}\` \\| `, 'm'));
});
