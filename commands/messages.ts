// Texts of what commands find out about a run beside its load.
import { findingMaker } from '../model/finding.ts';

export const commandFinding = findingMaker({
  interrupted: ({ reason }: { reason: string }) => reason,
  'seconds-not-written': ({ cause, at }: { cause: string; at: string }) =>
    `Nothing could be recorded after ${at.slice(11, 19)} UTC: ${cause}. Free space, and rerun`,
  'other-run-failed': () => 'The other run of the pair failed',
  'target-is-remote': () => 'The target is another machine: its host metrics were not collected',
  'clock-offset-unknown': ({ reason }: { reason: string }) =>
    `The offset between this clock and the clock of the target is unknown: ${reason}`,
  'node-exporter-gap': ({ cause }: { cause: string }) => `node_exporter gave no sample for a while: ${cause}`,
  'no-compiler': () =>
    'No build ran beside the load: headroom is installed without its compiler. Measure a command of your own with --during CMD',
  'not-emulated': ({ warning }: { warning: string }) => warning,
});
