import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

type Locked = {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};
const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
);

test('the lock file names the optional packages of every platform: npm ci refuses one that does not', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !lock.packages[`${path}/node_modules/${name}`]?.version && !lock.packages[`node_modules/${name}`]?.version,
    ),
  );
  expect(missing).toEqual([]);
});

test('the lock file names no address of a registry', () => {
  expect(Object.values(lock.packages).filter((each) => each.resolved !== undefined)).toEqual([]);
});
