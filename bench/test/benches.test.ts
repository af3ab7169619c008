import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Bench, findBenches } from '../benches.ts';

const benches = findBenches();

test('every bench is found in its room by the name of its file, and no name stands in two rooms', () => {
  const files = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' });
  const names = files.flatMap((file) => /([^/]*)\.ts$/.exec(file)?.[1] ?? []);
  expect(names.filter((name) => benches.has(name)).sort()).toEqual([...benches.keys()]);
  for (const file of benches.values()) expect(file.pathname).toMatch(/\/bench\/[a-z]+\/[a-z-]+\.ts$/);
});

test.each([...benches.keys()])('%s states its claim and can be run', async (name) => {
  const bench: Bench = await import((benches.get(name) as URL).href);
  expect(bench).toEqual(expect.objectContaining({ claim: expect.stringMatching(/\w+/), run: expect.any(Function) }));
});
