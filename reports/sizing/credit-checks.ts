// The checks of CPU credits: a week of the traffic, or without traffic the load that a type sustains.
import { present } from '../../model/present.ts';
import type { SizingFinding } from '../schema/sizing-findings.ts';
import { type Check, notMeasured, type SizeVerdict } from './fits/check.ts';
import type { CreditDay } from './rates/credit-day.ts';
import type { WorkloadCredits } from './rates/workload-credits.ts';
import type { TypeFigures } from './type-figures.ts';

/** Whether the traffic throttles the type. */
export function checkCredits({ credits }: TypeFigures): Check | undefined {
  if (!credits) return undefined;
  const { value } = credits;
  return {
    limit: 'credits',
    verdict: judgeThrottling(credits),
    because: describeCredits(value, judgeThrottling(credits) === 'inconclusive'),
    used: value.mode === 'unlimited' ? 0 : value.meanOverBaseline,
  };
}

/** Inconclusive where one end of the service demand's interval throttles and the other does not. */
function judgeThrottling({ low, high }: WorkloadCredits): SizeVerdict {
  if (high.throttledHours === 0) return 'fits';
  return low.throttledHours > 0 ? 'does-not-fit' : 'inconclusive';
}

function describeCredits(day: CreditDay, uncertain: boolean): Check['because'] {
  const percentOfBaseline = 100 * day.meanOverBaseline;
  if (day.mode === 'unlimited') return { code: 'credits-unlimited', percentOfBaseline };
  const days = day.hours / 24;
  if (day.throttledHours === 0) {
    const { lowestBalance, lowestAtHour } = day;
    return { code: 'credits-last', percentOfBaseline, lowestBalance, lowestAtHour, days, uncertain };
  }
  return {
    code: 'credits-run-out',
    percentOfBaseline,
    hoursToThrottle: day.hoursToThrottle ?? 0,
    throttledHoursPerDay: day.throttledHours / days,
    requestsHarmedPerDay: day.requestsHarmed / days,
    uncertain,
  };
}

function namesOf({ measured, assumed }: TypeFigures['others'], onVcpus: TypeFigures['onVcpus']) {
  const programs = [...measured, ...assumed].map(({ name }) => name);
  const { backgroundVcpus } = onVcpus?.prediction.cpu.value ?? {};
  return programs.length > 0 ? { programs, ...present({ othersVcpus: backgroundVcpus }) } : {};
}

/** Without traffic a type fits up to the load that it sustains: this decides when it passes the rest. */
export function checkSustainableLoad({ sustainableLoad, others, onVcpus }: TypeFigures): Check | undefined {
  if (!sustainableLoad) return undefined;
  const { sustainedPerS, burstPerS, hoursToThrottle, buildVcpus, atMost } = sustainableLoad;
  if (sustainedPerS.value < 1) {
    if (buildVcpus === undefined) return notMeasured({ code: 'rest-uses-baseline', ...namesOf(others, onVcpus) });
    const ofBaseline = hoursToThrottle !== undefined;
    const because: SizingFinding<'builds-use-all'> = { code: 'builds-use-all', buildVcpus, ofBaseline };
    return { limit: ofBaseline ? 'credits' : 'burst-cpu', verdict: 'does-not-fit', because };
  }
  const isFixed = burstPerS !== undefined && !hoursToThrottle && sustainedPerS.value >= burstPerS.value;
  const because: SizingFinding<'sustainable-load'> = { code: 'sustainable-load', ...sustainableLoad };
  // The SLO was missed at this rate, and lower ones were not measured.
  if (isFixed && atMost) return { limit: 'burst-cpu', verdict: 'inconclusive', because };
  return { limit: isFixed ? 'burst-cpu' : 'credits', verdict: 'fits', because, used: 1 };
}
