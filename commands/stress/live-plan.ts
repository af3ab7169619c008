// The stages of a profile as the live page draws them ahead.
import { kindOf, type Profile } from '../../model/profile.ts';
import type { LivePlan } from '../../reports/live/page.ts';

/** What a profile is going to do, in `longestS` seconds at most. */
export function livePlan({ stages }: Profile, longestS: number): LivePlan {
  return { stages: stages.map((stage) => ({ name: stage.name, many: kindOf(stage).becomesMany ?? false })), longestS };
}
