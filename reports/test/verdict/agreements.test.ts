import { expect, test } from '@jest/globals';
import type { Agreement, Observed } from '../../../model/observed.ts';
import { textOf } from '../../messages/text-of.ts';
import { findAgreements } from '../../verdict/agreements.ts';

const source = (name: string, host: string) => ({ source: name, host, intervalS: 1, samples: 20, missing: [] });
const observed = (agreement: Partial<Agreement>, otherHost = 'box'): Observed => ({
  schemaVersion: 1,
  run: 'r1',
  sources: [source('local', 'box'), source('datadog', otherHost)],
  stages: [],
  measured: {},
  agreements: [
    { metric: 'system.cpu.user', reference: 'local', other: 'datadog', bias: 1.5, samples: 20, ...agreement },
  ],
});

test.each<[Partial<Agreement>, string]>([
  [
    { lagS: 45, correlation: 0.97 },
    'system.cpu.user: the mean from datadog is 1.5 % higher than that from local, 45 s later (20 samples, correlation 0.97)',
  ],
  [
    { lagS: -5, correlation: 0.9, bias: -1048576, metric: 'system.mem.used' },
    'system.mem.used: the mean from datadog is 1.00 MiB lower than that from local, 5 s earlier (20 samples, correlation 0.90)',
  ],
  [
    { lagS: 0, correlation: 1, bias: 0.001, metric: 'system.load.1' },
    'system.load.1: the mean from datadog equals that from local, without lag (20 samples, correlation 1.00)',
  ],
  [
    {},
    'system.cpu.user: the mean from datadog is 1.5 % higher than that from local, too constant to determine a lag (20 samples)',
  ],
  [
    { lagS: 99, correlation: 0.2 },
    'system.cpu.user: the mean from datadog is 1.5 % higher than that from local, too different to determine a lag (20 samples, correlation 0.20)',
  ],
])('%j', (agreement, sentence) => {
  expect(findAgreements(observed(agreement)).map(textOf)).toEqual([sentence]);
});

test('sources on two hosts are named with their hosts, and a run without host metrics has none', () => {
  expect(findAgreements(observed({}, 'i-0abc'))).toMatchObject([
    { source: 'datadog (i-0abc)', reference: 'local (box)' },
  ]);
  expect(findAgreements(undefined)).toEqual([]);
});
