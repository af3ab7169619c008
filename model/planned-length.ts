// How long a profile takes.
import type { Profile, ProfileStage } from './profile.ts';

/** A capacity search takes at most about as many probes, with the pauses between them counted as probes. */
const probes = 28;

/** The longest that the profile takes, in seconds. */
export function plannedS({ stages }: Profile): number {
  return stages.reduce((sum, stage) => sum + stage.durationS * times(stage), 0);
}

function times(stage: ProfileStage): number {
  if (stage.kind === 'ladder') return stage.connections.length;
  return stage.kind === 'capacity' ? probes : 1;
}
