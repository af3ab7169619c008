// The tables of monitors in the docs are generated from the definitions: `npm run golden` rewrites them.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { allDefinitions } from '../../definitions/all.ts';
import type { MonitorDefinition } from '../../spec/definition.ts';

const definitions = await allDefinitions({ host: 'i-0abc', recipients: [], tags: [] });
const cell = (markdown: string) => markdown.replaceAll('|', '\\|');

test.each<[file: string, head: string, row: (definition: MonitorDefinition) => string]>([
  [
    'docs/monitors.md',
    '| key | priority | alerts when |\n|---|---|---|',
    ({ key, priority, alertsWhen }) => `| \`${key}\` | P${priority} | ${cell(alertsWhen)} |`,
  ],
  ['docs/runbook.md', '| monitor | what to do |\n|---|---|', ({ key, runbook }) => `| \`${key}\` | ${cell(runbook)} |`],
])('the table in %s has every monitor', (file, head, row) => {
  const url = new URL(`../../../${file}`, import.meta.url);
  const [before = '', , after = ''] = readFileSync(url, 'utf8').split(
    /(?<=<!-- monitors -->\n)([\s\S]*)(?=<!-- \/monitors -->)/,
  );
  const expected = `${before}${head}\n${definitions.map(row).join('\n')}\n${after}`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(url, expected);
  expect(readFileSync(url, 'utf8')).toBe(expected);
});
