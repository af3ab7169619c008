// The stages of a profile as the live page draws them ahead.
import type { Profile } from '../../model/profile.ts';
import type { LivePlan } from '../../reports/live/page.ts';

/** What a profile is going to do, in `longestS` seconds at most. */
export function livePlan({ stages }: Profile, longestS: number): LivePlan {
  const many = ['ladder', 'capacity', 'build'];
  return { stages: stages.map(({ name, kind }) => ({ name, many: many.includes(kind) })), longestS };
}
