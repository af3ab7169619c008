import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { chooseBuilds, chooseTraffic } from '../../size/traffic-flags.ts';

const shape = 'office' as const;
const seen = { vcpus: 1.5, durationS: 40 };

test('builds take what was said, else what one took in the run', () => {
  expect(chooseBuilds({ shape, builds: 12, buildCpu: '2x8s' }, seen)).toEqual({ perDay: 12, vcpus: 2, durationS: 8 });
  expect(chooseBuilds({ shape, builds: 12 }, seen)).toEqual({ perDay: 12, ...seen });
  expect(chooseBuilds({ shape }, seen)).toBeUndefined();
});

test.each([
  [{ buildCpu: '2x8s' }, 'Add the number of builds a day: --builds N'],
  [{ builds: 12 }, 'no build ran beside this load'],
  [{ builds: 1.5, buildCpu: '2x8s' }, 'a whole number from 1 to 10000'],
  [{ builds: 3, buildCpu: '2 vcpus' }, '--build-cpu 2 vcpus is not valid: use a form like 2x8s'],
])('%j is a mistake', (flags, message) => {
  expect(() => chooseBuilds({ shape, ...flags }, undefined)).toThrow(message);
});

const inputs = { stdin: Readable.from([]), signal: new AbortController().signal };

test('traffic is given once', async () => {
  expect(await chooseTraffic({}, inputs)).toBeUndefined();
  await expect(chooseTraffic({ shape }, inputs)).rejects.toThrow('Add the requests per day: --daily N');
  expect((await chooseTraffic({ shape, daily: 86_400 }, inputs))?.requestsPerDay).toBeCloseTo(86_400);
  await expect(chooseTraffic({ shape, daily: 1, traffic: ['day.csv'] }, inputs)).rejects.toThrow('Use one of them');
  await expect(chooseTraffic({ traffic: ['no-such-file'] }, inputs)).rejects.toThrow(
    'traffic file no-such-file does not exist',
  );
});
