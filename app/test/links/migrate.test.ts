import { expect, test } from '@jest/globals';
import { migrate } from '../../links/migrate.ts';

const storeOf = (version: number | undefined) => {
  const log: string[] = [];
  let stored = version;
  const note = {
    place: 'data/links',
    read: async () => stored,
    write: async (next: number) => {
      stored = next;
      log.push(`version ${next}`);
    },
  };
  const step = (name: string) => async () => {
    log.push(name);
  };
  return { note, log, step };
};

test('a new store gets the newest version without any step', async () => {
  const { note, log, step } = storeOf(undefined);
  await migrate(note, [step('1 to 2')]);
  expect(log).toEqual(['version 2']);
});

test('an old store takes every step from its version on', async () => {
  const { note, log, step } = storeOf(2);
  await migrate(note, [step('1 to 2'), step('2 to 3'), step('3 to 4')]);
  expect(log).toEqual(['2 to 3', 'version 3', '3 to 4', 'version 4']);
  await migrate(note, [step('1 to 2'), step('2 to 3'), step('3 to 4')]);
  expect(log).toHaveLength(4);
});

test('an interrupted upgrade resumes at its step', async () => {
  const { note, log, step } = storeOf(1);
  const broken = async () => {
    throw new Error('power cut');
  };
  await expect(migrate(note, [step('1 to 2'), broken])).rejects.toThrow('power cut');
  await migrate(note, [step('1 to 2'), step('2 to 3')]);
  expect(log).toEqual(['1 to 2', 'version 2', '2 to 3', 'version 3']);
});

test('a store of a newer version is refused and left unchanged', async () => {
  const { note, log } = storeOf(3);
  await expect(migrate(note)).rejects.toThrow(
    'The store in data/links has schema version 3, but this version of headroom supports 1.',
  );
  expect(log).toEqual([]);
});
