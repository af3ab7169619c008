import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const readme = read('README.md');
// npm runs `prepare` by itself: nobody types it.
const scripts = Object.keys(JSON.parse(read('package.json')).scripts).filter((name) => name !== 'prepare');

describe('README', () => {
  test('names every npm script, and none that is not there', () => {
    const named = [...readme.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
      (match) => match[1] ?? match[2],
    );
    expect([...new Set(named)].sort()).toEqual([...scripts].sort());
  });

  test('opens with the two commands that do everything', () => {
    const commands = [...readme.matchAll(/^npm ci && .*$/gm)].map((match) => match[0]);
    expect(commands.slice(0, 2)).toEqual(['npm ci && npm run stress', 'npm ci && npm run test:setup && npm test']);
  });

  test('links only to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(() => readFileSync(new URL(`../${link}`, import.meta.url))).not.toThrow();
  });
});
