// The rules of CPU credits, second by second: slow, and too simple to be wrong in the same way as the exact bank.
import type { BurstableType } from '../../../model/catalogue/instance-catalogue.ts';
import type { RecordDemand } from '../../recorded/record-bank.ts';

type SlowResult = {
  lowest: number;
  firstThrottledS: number | undefined;
  throttledS: number;
  unservedMinutes: number;
};

/** Standard mode over a record without gaps; work that is not done in time is lost, or waits. */
export function runSlowly(
  type: BurstableType,
  { begins, ends, used, vcpusPerPercent }: RecordDemand,
  start: 'launch' | 'full' | 'empty',
  waits = false,
): SlowResult {
  const { creditsEarnedPerHour, maxAccruedCredits, launchCredits } = type.credits;
  const earnPerS = creditsEarnedPerHour / 3600;
  const mostPerS = type.vcpus / 60;
  let launch = start === 'launch' ? launchCredits : 0;
  let earned = start === 'full' ? maxAccruedCredits : 0;
  let [waiting, lowest, throttledS, firstThrottledS, unserved, second] = [0, launch + earned, 0, -1, 0, 0];
  for (let index = 0; index < used.length; index++) {
    const seconds = Math.round(((ends[index] as number) - (begins[index] as number)) / 1000);
    const wantedPerS = ((used[index] as number) * vcpusPerPercent) / 60;
    for (let step = 0; step < seconds; step++, second++) {
      const wanted = waits ? wantedPerS + waiting : wantedPerS;
      const possible = Math.min(wanted, mostPerS);
      const left = launch + earned + earnPerS;
      const got = Math.min(possible, left);
      if (got < possible - 1e-12) {
        throttledS++;
        if (firstThrottledS < 0) firstThrottledS = second;
      }
      if (waits) waiting = wanted - got < 1e-9 ? 0 : wanted - got;
      else unserved += wanted - got;
      const fromLaunch = Math.min(launch, got);
      launch -= fromLaunch;
      earned += earnPerS - (got - fromLaunch);
      if (earned > maxAccruedCredits) earned = maxAccruedCredits;
      if (earned < 0) earned = 0;
      if (launch + earned < lowest) lowest = launch + earned;
    }
  }
  return {
    lowest,
    firstThrottledS: firstThrottledS < 0 ? undefined : firstThrottledS,
    throttledS,
    unservedMinutes: unserved,
  };
}
