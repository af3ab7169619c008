import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { builtInProfiles } from '../loadtest/profiles/load-profile.ts';
import { profileSchema } from '../model/profile.ts';

const root = new URL('..', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');
const readme = read('README.md');
// npm runs `prepare` by itself: nobody types it.
const scripts = Object.keys(JSON.parse(read('package.json')).scripts).filter((name) => name !== 'prepare');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The anchor that GitHub gives to each heading of a page. */
function anchors(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\d\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('README', () => {
  test('names every npm script, and none that does not exist', () => {
    const named = [...readme.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
      (match) => match[1] ?? match[2],
    );
    expect([...new Set(named)].sort()).toEqual([...scripts].sort());
  });

  test('opens with the two commands that do everything', () => {
    expect(readme).toMatch(
      /^# headroom\n\n```sh\nnpm ci && npm run stress\nnpm ci && npm run test:setup && npm test\n```\n/,
    );
  });

  test('is read in one sitting: under 1,200 words', () => {
    expect(readme.split(/\s+/).filter((word) => word !== '').length).toBeLessThan(1200);
  });
});

describe('the documentation', () => {
  test.each(pages)('%s links only to files and headings that exist', (page) => {
    const broken = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter((match) => {
      const target = match[1] ? new URL(match[1], new URL(page, root)) : new URL(page, root);
      if (!existsSync(target)) return true;
      return match[2] !== undefined && !anchors(target.href.slice(root.href.length)).includes(match[2]);
    });
    expect(broken.map((match) => match[0])).toEqual([]);
  });

  test('README names profiles that exist', () => {
    const row = readme.split('\n').find((line) => line.startsWith('| `--profile NAME`')) ?? '';
    const named = [...row.matchAll(/`([a-z-]+)`/g)].map((match) => match[1] as string);
    expect(builtInProfiles).toEqual(expect.arrayContaining(named));
    expect(named).not.toEqual([]);
  });

  test('the profile in docs/profiles.md is valid', () => {
    const example = /```json\n([\s\S]*?)```/.exec(read('docs/profiles.md'))?.[1] ?? '';
    expect(profileSchema.parse(JSON.parse(example)).stages).toHaveLength(4);
  });

  test('docs/benchmarks.md lists every bench', () => {
    const benches = readdirSync(new URL('bench', root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && /^export const claim\b/m.test(read(`bench/${name}`)))
      .map((name) => basename(name, '.ts'));
    const listed = [...read('docs/benchmarks.md').matchAll(/`([a-z-]+)`/g)].map((match) => match[1]);
    expect(benches.filter((name) => !listed.includes(name))).toEqual([]);
  });
});
