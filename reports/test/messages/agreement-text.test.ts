import { expect, test } from '@jest/globals';
import type { Agreement, Observed } from '../../../model/observed.ts';
import { describeAgreements } from '../../messages/agreement-text.ts';

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
    'system.cpu.user: by datadog 1.5 % higher than by local on average, 45 s later (20 samples, correlation 0.97)',
  ],
  [
    { lagS: -5, correlation: 0.9, bias: -1048576, metric: 'system.mem.used' },
    'system.mem.used: by datadog 1.00 MiB lower than by local on average, 5 s earlier (20 samples, correlation 0.90)',
  ],
  [
    { lagS: 0, correlation: 1, bias: 0.001, metric: 'system.load.1' },
    'system.load.1: by datadog the same as by local on average, at the same time (20 samples, correlation 1.00)',
  ],
  [
    {},
    'system.cpu.user: by datadog 1.5 % higher than by local on average, too steady to tell whether one is late (20 samples)',
  ],
  [
    { lagS: 99, correlation: 0.2 },
    'system.cpu.user: by datadog 1.5 % higher than by local on average, too unlike to tell whether one is late (20 samples, correlation 0.20)',
  ],
])('%j', (agreement, sentence) => {
  expect(describeAgreements(observed(agreement))).toEqual([sentence]);
});

test('hosts of two names are named, and one source agrees with nobody', () => {
  expect(describeAgreements(observed({}, 'i-0abc'))[0]).toContain(
    'by datadog (i-0abc) 1.5 % higher than by local (box)',
  );
  expect(describeAgreements(undefined)).toEqual([]);
});
