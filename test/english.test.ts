// The words that this project does not use, and where they still stand. A user meets plain technical English; see CONTRIBUTING.md.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What ships, and the documents. Tests, golden files and recorded runs hold texts of the past. */
const places = [
  'app',
  'bench',
  'commands',
  'deploy',
  'docs',
  'loadtest',
  'model',
  'monitors',
  'reports',
  '.github',
  '.ci',
];
const files = ['cli.ts', 'launch.js', 'build.ts', 'Jenkinsfile', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const leftOut = /(^|\/)(test|example|node_modules)\//;
const withText = /\.(ts|js|mjs|pug|md|sh|ya?ml|groovy|conf|service|json)$|(^|\/)Jenkinsfile$/;

/** How often each may still be met: a figure may only shrink, and what has none is banned. */
const phrases: readonly (readonly [phrase: RegExp, remaining?: number])[] = [
  [/\bnobody\b/i, 32],
  [/\btells?\b/i, 52],
  [/\btold\b/i, 52],
  [/\bmakes? of\b/i, 3],
  [/\btaken for\b/i, 3],
  [/\bwhat binds\b/i, 2],
  [/\bDoes \S+ do\b/i, 4],
  [/\bstill do\b/i, 1],
  [/\baround the clock\b/i, 3],
  [/\bthey part\b/i, 4],
  [/\bmend(s|ed|ing)?\b/i, 3],
  [/\b(is|are|be) let\b/i, 1],
  [/\bfor ever\b/i, 9],
  [/\banew\b/i, 7],
  [/\bas it was\b/i, 6],
  [/\bdoes is open\b/i, 1],
  [/\bshare in these figures\b/i],
  [/\bquiet machine\b/i],
  [/\bwhich is no error\b/i],
  [/\bobserved the host\b/i],
  [/\bwas at its end\b/i],
  [/\bnothing of the host\b/i],
  [/\bknows how\b/i, 2],
  [/\bbroke its answer off\b/i],
  [/\bis left behind\b/i],
  [/\bcompiled hot\b/i, 2],
  [/\bkept to its own rules\b/i, 1],
  [/\bwhat is there\b/i, 2],
  [/\bdoubts?\b/i, 13],
  [/\bcarries\b/i, 8],
  [/\bforeverPerS\b/i],
  [/\bofficeDay\b/i],
  [/\bcalmDemandS\b/i],
  [/\b[sS]urroundings\b/i, 99],
  [/\bBoxCost\b/i],
  [/\bsendable\b/i],
  [/\bwaiting room\b/i],
  [/\bpatient\b/i],
];

const sources = [...places.flatMap(filesOf), ...files.filter(exists)].map((name) => ({
  name,
  lines: readFileSync(`${root}${name}`, 'utf8').split('\n'),
}));

function filesOf(folder: string): string[] {
  if (!exists(folder)) return [];
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => withText.test(name) && !leftOut.test(name));
}

function exists(name: string): boolean {
  return readdirSync(root).includes(name);
}

test('the sources, the templates and the documents are read', () => {
  for (const kind of ['.ts', '.pug', '.md', '.sh', 'Jenkinsfile'])
    expect(sources.some(({ name }) => name.endsWith(kind))).toBe(true);
});

test.each(phrases)('%s stands nowhere, or no more often than it did', (phrase, remaining = 0) => {
  const found = sources.flatMap(({ name, lines }) =>
    lines.flatMap((line, index) => (phrase.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  );
  if (found.length > remaining) expect(found).toEqual([]);
  expect(found.length).toBeLessThanOrEqual(remaining);
});
