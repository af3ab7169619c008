// Texts of the checks of a sizing, and of what a run lacks for one.
import { withArticle } from '../../model/article.ts';
import {
  capitalize,
  formatBytes,
  formatCount,
  formatDay,
  formatEc2Rate,
  formatHours,
  formatLatency,
  formatMbps,
  formatNumber,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatRateInterval,
} from '../format/format.ts';
import type {
  CheckFindings,
  CountedProgram,
  MemoryFigures,
  MissingDemandFindings,
  SustainableLoad,
} from '../schema/check-findings.ts';
import { rateAtSlo } from './rate-at-slo.ts';
import type { TextsOf } from './texts.ts';

type Findings = CheckFindings & MissingDemandFindings;

export const checkTexts: TextsOf<Findings> = {
  'host-not-observed': () =>
    'Host metrics were not collected: repeat the run with --metrics local or --metrics datadog --host H',
  'no-cpu-above-rest': () =>
    'The load used no more CPU than the host used at rest, so the CPU time of a request is not known. Rerun on an idle host',
  'vcpus-unknown': () =>
    'The number of vCPUs of the target is unknown: name its type, for example with --instance t2.medium',
  'no-steady-stage': ({ shortestStageS }) =>
    `No load stage completed with few errors, with CPU samples and in at least ${shortestStageS} s. Repeat the run with longer stages`,
  'no-request-answered': () => 'No request was answered in a measured stage',
  'ended-before-measured-stage': () => 'The run ended before its first measured stage',
  'run-invalid': ({ reasons }, textOf) => `The run is invalid: ${reasons.map(textOf).join('; ')}`,
  'vcpu-share-chosen': ({ vcpuShare }) =>
    `One vCPU was ${vcpuShare} of a core (--vcpu-share), and rates do not scale with that share. Repeat the run without --vcpu-share`,
  'run-incomplete': ({ reason }, textOf) => `The run did not complete${reason ? `: ${textOf(reason)}` : ''}`,
  'traffic-unreliable': ({ source, caveat }, textOf) => `${textOf(source)}: ${textOf(caveat)}`,
  'memory-not-collected': () =>
    'Memory metrics were not collected: repeat the run with --metrics local or --metrics datadog --host H',
  'memory-missing': ({ of }) =>
    of === 'app'
      ? 'The collected metrics contain no memory use of the app: name its process with --app-pid N or --app-unit NAME'
      : 'The collected metrics contain no memory use of the host',
  'memory-killed': ({ instanceType, limitBytes, killed }) =>
    `The memory of ${withArticle(instanceType)} (${formatBytes(limitBytes)}) was full, and the kernel killed ${killed === 1 ? '1 process' : `${formatCount(killed)} processes`} of the app (oom_kill ${killed})`,
  'memory-of-app': (figures) => {
    const { appBytes, systemBytes, scaled, programs = [] } = figures;
    const from = scaled
      ? ` with ${formatNumberOf(scaled.workers, 'worker')} (scaled from ${formatBytes(scaled.fromBytes)} with ${scaled.fromWorkers})`
      : '';
    return `${memoryUse(figures)}: app peak ${formatBytes(appBytes)}${from}, plus ${formatBytes(systemBytes)} assumed for the system${programs.map(describeMemory).join('')}`;
  },
  'memory-of-host': (figures) =>
    `${memoryUse(figures)}: peak use of the observed host${figures.ownBytes > 0 ? `, without ${formatBytes(figures.ownBytes)} of headroom itself` : ''}${(figures.programs ?? []).map(describeMemory).join('')}`,
  'burst-cpu': ({ instanceType, peakPerS, burstPerS, usePercent, hasCredits, onEc2, ...within }) => {
    const needs = `The peak hour needs ${formatRate(peakPerS)}, plus 20 % headroom`;
    if (usePercent !== undefined)
      return `${needs}; that is ${formatPercent(usePercent)} of the CPU of ${withArticle(instanceType)}`;
    const does = hasCredits ? 'bursts to' : 'serves';
    return `${needs}; ${withArticle(instanceType)} ${does} ${rateAtSlo(burstPerS, { ...within, onEc2 })}${hasCredits ? ' while it has CPU credits' : ''}`;
  },
  'credits-unlimited': ({ percentOfBaseline }) => `${meanUse(percentOfBaseline)}; unlimited mode never throttles`,
  'credits-last': ({ percentOfBaseline, lowestBalance, lowestAtHour, days, uncertain }) => {
    const hour = `${String(Math.floor(lowestAtHour)).padStart(2, '0')}:00 UTC`;
    const lowest = `the lowest balance in ${formatCount(days)} days is ${formatCount(lowestBalance)} credits, at ${hour}`;
    const open = uncertain ? '; at the high end of the service demand interval the credits run out' : '';
    return `${meanUse(percentOfBaseline)}; ${lowest}${open}`;
  },
  'credits-run-out': ({
    percentOfBaseline,
    hoursToThrottle,
    throttledHoursPerDay,
    requestsHarmedPerDay,
    uncertain,
  }) => {
    const after = `the credits run out after ${formatHours(hoursToThrottle)}`;
    const harm = `then the instance is throttled for ${formatHours(throttledHoursPerDay)} a day and ${formatCount(requestsHarmedPerDay)} requests a day exceed its CPU`;
    const open = uncertain ? '; at the low end of the service demand interval the credits last' : '';
    return `${meanUse(percentOfBaseline)}; ${after}, ${harm}${open}`;
  },
  network: ({ instanceType, bytesPerRequest, baselineMbps, burstMbps, baselinePerS, peakPerS }) => {
    const limit = `${formatRate(baselinePerS.low)} to ${formatRate(baselinePerS.high)}`;
    const bandwidth = `the baseline bandwidth of ${withArticle(instanceType)} (${formatMbps(baselineMbps)}) limits it to ${limit}`;
    const peak = peakPerS === undefined ? '' : `, and the peak hour needs ${formatRate(peakPerS)}`;
    const burst =
      burstMbps > baselineMbps ? `. Bursts to ${formatMbps(burstMbps)} last for minutes and are not promised` : '';
    return `A request transfers ${formatBytes(bytesPerRequest)}; ${bandwidth}${peak}${burst}`;
  },
  'builds-use-all': ({ buildVcpus, ofBaseline }) =>
    `The builds alone use ${formatNumber(buildVcpus)} vCPUs on average, all of the ${ofBaseline ? 'baseline performance' : 'CPU'}: nothing is left for requests`,
  'rest-uses-baseline': ({ programs, othersVcpus = 0 }) =>
    programs
      ? `Without a request the app and what is counted beside it (${programs.join(', ')}) use ${Number(othersVcpus.toPrecision(2))} vCPUs, all of the baseline performance: nothing is left for requests`
      : 'The CPU use without requests equals the baseline performance, so the sustained rate is unknown: repeat the run with an idle stage after the load, and with a wider range of loads',
  'rest-not-known': ({ vcpus }) =>
    `At rest ${Number(vcpus.toPrecision(2))} vCPUs of the host were in use by no program that headroom can see, such as those of other containers: what they take is not known. Measure on the machine itself, or size for the app alone (--count app)`,
  'sustainable-load': describeLoad,
  'load-too-light': ({ usePercent }) =>
    `The heaviest load of the run used ${formatPercent(usePercent)} of the CPU available to the app, which is too little to predict full use`,
  'burst-latency': ({ broken, stage, p99Us, usePercent, measuredOn, times }) => {
    const on = measuredOn === undefined ? '' : ` of the ${measuredOn}`;
    const at = usePercent === undefined ? '' : ` at ${formatPercent(usePercent)} CPU use`;
    const scaled = times === undefined ? '' : `, times ${times.toFixed(2)} for the speed of its CPU`;
    return `Burst p99 is ${formatLatency(p99Us)} (stage "${stage}"${on}${at}${scaled})${fails(broken)}`;
  },
  'sustained-latency': ({ broken, p99Us, sustainedPerS }) => {
    const rate = sustainedPerS === undefined ? '' : ` (${formatRate(sustainedPerS)})`;
    return `Sustained p99 is ${formatLatency(p99Us)} at full use of the baseline performance${rate}${fails(broken)}`;
  },
};

function describeMemory({ name, how, bytes }: CountedProgram): string {
  if (!bytes) return '';
  const { value, low, high } = bytes;
  const interval = low < high ? `${formatBytes(low)} to ${formatBytes(high)}, ` : '';
  return `, plus ${formatBytes(value)} for ${name} (${interval}${how})`;
}

function memoryUse({ neededBytes, guestBytes, growth }: MemoryFigures): string {
  const share = neededBytes / guestBytes;
  const tight = share > 0.8 && share <= 1 ? ', less than 20 % free' : '';
  const use = `needs ${formatBytes(neededBytes)} of ${formatBytes(guestBytes)} (${formatPercent(100 * share)}${tight})`;
  if (!growth) return capitalize(use);
  const [low, high] = [growth.lowHours, growth.highHours].map(formatHours);
  const when = `Memory grows: the rest is used up in ${low} to ${high} at this load`;
  return `${when}${growth.certain ? '' : ', if the growth continues'}; ${use}`;
}

function meanUse(percentOfBaseline: number): string {
  return `Mean CPU use is ${formatPercent(percentOfBaseline)} of the baseline performance`;
}

function fails(broken: readonly string[]): string {
  return broken.length > 0 ? `: ${broken.join(', ')} fails` : '';
}

/** A predicate: `Sustains 1,310/s on EC2 (931 to 1,830), 113 million requests a day, and bursts to 16,200/s on EC2 (...) until ...`. */
function describeLoad(load: SustainableLoad): string {
  const { sustainedPerS, burstPerS, hoursToThrottle, requestsPerOfficeDay, vcpuOfACore } = load;
  const rate = vcpuOfACore ? formatEc2Rate : formatRateInterval;
  if (load.atMost && burstPerS && !hoursToThrottle && sustainedPerS.value >= burstPerS.value)
    return `Serves ${rateAtSlo(burstPerS, { ...load, onEc2: vcpuOfACore !== undefined })}: every rate that was measured missed the SLO`;
  const sustains = `Sustains ${rate(sustainedPerS)}, ${formatDay(sustainedPerS.value * 86_400)} requests a day`;
  const speed = vcpuOfACore
    ? `. Its vCPU has the speed of ${vcpuOfACore.value.toFixed(2)} cores of this machine (${vcpuOfACore.low.toFixed(2)} to ${vcpuOfACore.high.toFixed(2)})`
    : '';
  if (!burstPerS) {
    const free = hoursToThrottle ? '' : ' without surplus charges';
    return `${sustains}${free}; its burst rate was not measured${speed}`;
  }
  const bursts = `bursts to ${rateAtSlo(burstPerS, { ...load, onEc2: vcpuOfACore !== undefined })}`;
  const day = `the largest day in office hours is ${formatDay(requestsPerOfficeDay ?? 0)} requests${speed}`;
  if (hoursToThrottle) {
    const { launch, full } = hoursToThrottle;
    const afterLaunch = launch > 0 ? `${formatHours(launch)} after launch, ` : '';
    return `${sustains}, and ${bursts} until its CPU credits run out (${afterLaunch}${formatHours(full)} from a full balance); ${day}`;
  }
  return sustainedPerS.value < burstPerS.value
    ? `${sustains} without surplus charges, and ${bursts} with them; ${day} without surplus charges`
    : `${sustains}, at any time; ${day}`;
}
