// How many generator processes a profile needs: one too many takes a core and caches from the target.
import type { Profile, ProfileStage } from '../../model/profile.ts';

/** What one process sends on time: half of what it holds on a core of 2026 (bench `open-engine`), for slower cores and TLS. */
const ratePerGenerator = 20_000;

/** More than this many processes take longer to start than they save. */
const most = 8;

/** From 1 up to one fewer than there are cores, which is left to a target on this machine, and to 8. `steps`: requests of an arrival. */
export function generatorCount({ stages }: Pick<Profile, 'stages'>, cores: number, steps = 1): number {
  const needed = Math.max(1, ...stages.map((stage) => Math.ceil((highestRate(stage) * steps) / ratePerGenerator)));
  return Math.max(1, Math.min(needed, cores - 1, most));
}

/** Infinity where the target alone sets the rate. */
export function highestRate(stage: ProfileStage): number {
  if (stage.kind === 'idle') return 0;
  if (stage.kind === 'open') {
    const { arrivalRatePerS: rate } = stage;
    return typeof rate === 'number' ? rate : Math.max(rate.from, rate.to);
  }
  if (stage.kind === 'replay') return stage.peakPerS;
  if (stage.kind === 'build') return stage.arrivalRatePerS;
  if (stage.kind === 'closed' && stage.thinkTimeS) return stage.connections / stage.thinkTimeS;
  return Number.POSITIVE_INFINITY;
}
