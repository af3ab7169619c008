import { expect, test } from '@jest/globals';
import { boxPrograms, findBoxProgram, parseBoxPrograms } from '../../catalogue/box-programs.ts';

test('a list of names is taken in its order, whatever its case', () => {
  expect(parseBoxPrograms('--with', 'Jenkins, nginx')).toEqual(['jenkins', 'nginx']);
  expect(findBoxProgram('postgres')).toBeUndefined();
});

test.each([
  ['jenkin', '--with jenkin: unknown program. Did you mean jenkins? Known are nginx, datadog-agent, jenkins'],
  ['nginx,', '--with nginx, has an empty name: give nginx,datadog-agent,jenkins'],
  ['', '--with has an empty name: give nginx,datadog-agent,jenkins'],
  ['nginx,nginx', '--with nginx,nginx has nginx twice: give each program once'],
])('the list "%s" is refused', (list, message) => {
  expect(() => parseBoxPrograms('--with', list)).toThrow(message);
});

test('every footprint has its value within its interval, and says where it is from', () => {
  for (const { memoryMiB, memorySource, restVcpus, restSource } of boxPrograms) {
    for (const { value, low, high } of [memoryMiB, restVcpus])
      expect([low, value, high]).toEqual([low, value, high].sort((a, b) => a - b));
    for (const source of [memorySource, restSource]) expect(source.length).toBeGreaterThan(20);
  }
});
