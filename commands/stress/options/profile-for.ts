// The profile as it is run on one machine.
import type { Profile } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import { type Emulation, isThrottled } from './emulation.ts';

/** 30 slices of a t2.micro in each block: two types, their ladders and builds take less than four minutes. */
const sustainedStage: Profile['stages'][number] = {
  kind: 'closed',
  name: 'credits gone',
  connections: 8,
  durationS: 3,
  blocks: 8,
  starts: 2,
  warmUp: false,
  credits: 'empty',
};

/**
 * The profile as it is run on this machine: after a ladder in standard mode, a stage at the credit baseline, so that both states are
 * measured. Only an emulated machine has credits to take away: elsewhere a profile that asks for it is a UserError, or loses the stage when
 * `projected` (control groups were asked for and are not to be had).
 */
export function profileFor(profile: Profile, machine: Emulation | undefined, projected: boolean): Profile {
  const asked = profile.stages.filter((stage) => 'credits' in stage && stage.credits === 'empty');
  const burstable = machine?.type.credits?.defaultMode === 'standard';
  if (asked.length > 0) {
    if (machine && !burstable)
      throw new UserError(
        `stage ${asked[0]?.name} runs without CPU credits, and a ${machine.type.instanceType} is never slowed down for want of them. Leave out the stage or the type`,
      );
    if (machine) return profile;
    if (projected) return { ...profile, stages: profile.stages.filter((stage) => !asked.includes(stage)) };
    throw new UserError(`stage ${asked[0]?.name} runs without CPU credits, which needs --instances`);
  }
  const ladder = profile.stages.findLastIndex((stage) => stage.kind === 'ladder');
  if (!machine || !burstable || ladder < 0 || machine.creditClock !== 1) return profile;
  const stages = isThrottled(machine) ? profile.stages.map(withoutBlocks) : profile.stages;
  return { ...profile, stages: [...stages.slice(0, ladder + 1), sustainedStage, ...stages.slice(ladder + 1)] };
}

/** Where there are no credits from the begin, blocks at saturation are those at the credit baseline, and measured as such; the rate at the SLO is one with credits. */
function withoutBlocks(stage: Profile['stages'][number]): Profile['stages'][number] {
  if (stage.kind !== 'ladder') return stage;
  const { blocks: _, atSlo: __, ...rest } = stage;
  return rest;
}

/** Only the shortener is started again: another app may take long to start, or do at its start what it should do once. */
export function startedOnce(profile: Profile): Profile {
  return { ...profile, stages: profile.stages.map(withoutStarts) };
}

function withoutStarts(stage: Profile['stages'][number]): Profile['stages'][number] {
  if (stage.kind === 'closed') {
    const { starts: _, ...rest } = stage;
    return rest;
  }
  if (stage.kind !== 'ladder' || !stage.blocks) return stage;
  const { starts: _, ...blocks } = stage.blocks;
  return { ...stage, blocks };
}
