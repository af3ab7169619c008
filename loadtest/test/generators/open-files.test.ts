import { expect, test } from '@jest/globals';
import { profileSchema } from '../../../model/profile.ts';
import { checkOpenFiles } from '../../generators/open-files.ts';

const profile = (...stages: object[]) => profileSchema.parse({ name: 'p', stages });
const closed = { kind: 'closed', name: 'c', connections: 256, durationS: 5 };
const check = (stages: object[], allowed: number, changes = {}) =>
  checkOpenFiles(profile(...stages), { generators: 1, startsApp: true, ...changes }, allowed);

test('a limit below what the profile opens is refused, with the command that raises it', () => {
  expect(() => check([closed], 300)).toThrow(
    'profile p opens 256 connections, for which a process needs 304 open files, and this shell allows 300. Raise the limit (ulimit -n 4096), or use fewer connections',
  );
  expect(() => check([closed], 304)).not.toThrow();
  expect(() => check([{ ...closed, connections: 10_000 }], 4096)).toThrow('ulimit -n 10048');
});

test('generators share the connections to a target that runs already', () => {
  expect(() => check([closed], 200, { generators: 2, startsApp: false })).not.toThrow();
  expect(() => check([closed], 200, { generators: 2 })).toThrow('304 open files');
});

test('of a stage with arrivals count the connections that it begins with', () => {
  const open = (arrivalRatePerS: number) => ({ kind: 'open', name: 'o', arrivalRatePerS, durationS: 5 });
  expect(() => check([open(20)], 60)).not.toThrow();
  expect(() => check([open(20), open(1000)], 300)).toThrow('256 connections');
});
