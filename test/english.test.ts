// The words that this project does not use. A user meets plain technical English; see CONTRIBUTING.md.
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
/** Old files keep their old names, which only the upgrade of a sizing reads. */
const leftOut = /(^|\/)(test|example|node_modules)\/|^reports\/schema\/sizing-upgrade\.ts$/;
const withText = /\.(ts|js|mjs|pug|md|sh|ya?ml|groovy|conf|service|json)$|(^|\/)Jenkinsfile$/;

const phrases: readonly (readonly [phrase: RegExp])[] = [
  [/\bnobody\b/i],
  [/\btells?\b/i],
  [/\btold\b/i],
  [/\bmakes? of\b/i],
  [/\btaken for\b/i],
  [/\bwhat binds\b/i],
  [/\bDoes \S+ do\b/i],
  [/\bstill do\b/i],
  [/\baround the clock\b/i],
  [/\bthey part\b/i],
  [/\bmend(s|ed|ing)?\b/i],
  [/\b(is|are|be) let\b/i],
  [/\bfor ever\b/i],
  [/\banew\b/i],
  [/\bas it was\b/i],
  [/\bdoes is open\b/i],
  [/\bshare in these figures\b/i],
  [/\bquiet machine\b/i],
  [/\bwhich is no error\b/i],
  [/\bobserved the host\b/i],
  [/\bwas at its end\b/i],
  [/\bnothing of the host\b/i],
  [/\bknows how\b/i],
  [/\bbroke its answer off\b/i],
  [/\bis left behind\b/i],
  [/\bcompiled hot\b/i],
  [/\bkept to its own rules\b/i],
  [/\bwhat is there\b/i],
  [/\bdoubts?\b/i],
  [/\bcarries\b/i],
  [/\bforeverPerS\b/i],
  [/\bofficeDay\b/i],
  [/\bcalmDemandS\b/i],
  [/\b[sS]urroundings\b/i],
  [/\bBoxCost\b/i],
  [/[sS]endable/],
  [/\bwaiting room\b/i],
  [/\bpatient\b/i],
  [/\bstraight from\b/i],
  [/\bby the clock\b/i],
  [/\bwhatever the (server|target) does\b/i],
  [/\bfor looking\b/i],
  [/\bin mid-(run|load)\b/i],
  [/\brecovered to that of\b/i],
  [/\bholds no point\b/i],
  [/\bleft at least\b/i],
  [/\blimits of connections\b/i],
  [/\ba core here\b/i],
  [/\bpieces? of work\b/i],
  [/\bhopeless\b/i],
  [/[}"] is no (?!longer\b)/],
  [/\bexchange them\b/],
  [/\bstands there twice\b/],
  [/\bof no known\b/],
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

test.each(phrases)('%s stands nowhere', (phrase) => {
  const found = sources.flatMap(({ name, lines }) =>
    lines.flatMap((line, index) => (phrase.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
