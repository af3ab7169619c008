import type { RunRecord } from '../run-record.ts';

/** A run that has begun and has no stage yet. */
export const knownRecord: RunRecord = {
  schemaVersion: 2,
  id: 'a',
  status: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
  command: 'npm run stress',
  target: { url: 'http://127.0.0.1:8000', kind: 'shortener', startedByHarness: true },
  generator: { hostname: 'h', platform: 'p', cpuModel: 'c', cores: 2, memoryGiB: 4, versions: {}, processes: 1 },
  profile: {
    name: 'x',
    description: '',
    timeoutS: 5,
    thresholds: [],
    autostop: [],
    stages: [{ kind: 'idle', name: 'at rest', durationS: 1 }],
  },
  routes: [],
  stages: [],
  thresholds: [],
  validity: { verdict: 'inconclusive', reasons: [] },
  warnings: [],
};
