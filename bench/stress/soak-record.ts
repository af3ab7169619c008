// The record of a long run that nobody made: what benches of merging and reporting put beside their made-up lines.
import type { RunRecord } from '../../model/run-record.ts';

/** Of one stage, valid; what differs is given. */
export function soakRecord(
  given: Pick<RunRecord, 'id' | 'startedAt' | 'target' | 'stages'> & Partial<RunRecord> & { readonly hostname: string },
): RunRecord {
  const { hostname, ...record } = given;
  return {
    schemaVersion: 2,
    status: 'complete',
    command: 'npm run stress -- --profile soak',
    generator: { hostname, platform: 'linux', cpuModel: 'x', cores: 2, memoryGiB: 4, versions: {}, processes: 1 },
    profile: {
      name: 'soak',
      description: '',
      timeoutS: 5,
      stages: [{ kind: 'idle', name: 'x', durationS: 1 }],
      thresholds: [],
      autostop: [],
    },
    routes: [],
    thresholds: [],
    validity: { verdict: 'valid', reasons: [] },
    warnings: [],
    ...record,
  };
}
