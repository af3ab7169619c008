// Texts of what limits throughput, and of why no saturation point was found.
import { formatBytes, formatMbps, formatNumberOf, formatPercent } from '../format/format.ts';
import type { LimitFindings } from '../schema/limit-findings.ts';
import type { TextsOf } from './texts.ts';

const limitNames: Readonly<Record<string, string>> = {
  'burst-cpu': 'burst CPU',
  credits: 'CPU credits',
  unknown: 'not known',
};

/** What a limit of throughput, or of an instance type, is called in a sentence. */
export function limitName(limitedBy: string): string {
  return limitNames[limitedBy] ?? limitedBy;
}

const missingNames: Readonly<Record<string, string>> = {
  'system.cpu.idle': 'the idle CPU',
  'app.event_loop.utilization': "the app's event loop",
  'app.cpu': "the app's CPU",
};

export const limitTexts: TextsOf<LimitFindings> = {
  'event-loop-busy': ({ busyPercent, hostIdlePercent }) =>
    `The app's event loop is ${formatPercent(busyPercent)} busy${whileIdle(hostIdlePercent)}`,
  'process-uses-core': ({ usedPercent, hostIdlePercent }) =>
    `The app's only process uses ${formatPercent(usedPercent)} of one core${whileIdle(hostIdlePercent)}`,
  'generator-busy': ({ busyPercent, engine }) =>
    `The load generator's event loop is ${formatPercent(busyPercent)} busy, so the target may sustain more. Use more generators (--generators)${engine === 'autocannon' ? ', or the open engine (--rate): per request it uses half the CPU time of autocannon' : ''}`,
  'host-cpu-saturated': ({ idlePercent, appPercent }) =>
    `${idlePercent < 0.5 ? 'The host CPU is saturated' : `Only ${formatPercent(idlePercent)} of the host CPU is idle`}${
      appPercent === undefined
        ? ''
        : `: the app uses ${formatPercent(appPercent)} of one core, other processes use the rest`
    }`,
  'instance-cpu-saturated': ({ instanceType, usedPercent }) =>
    `The ${instanceType ?? 'instance'} uses ${formatPercent(usedPercent)} of its CPU`,
  'credit-baseline-reached': ({ instanceType, usedPercent, baselinePercent }) =>
    `The ${instanceType} uses ${formatPercent(usedPercent)} of its CPU; its baseline performance without CPU credits is ${formatPercent(baselinePercent)}`,
  'host-memory-scarce': ({ usablePercent }) => `Only ${formatPercent(usablePercent)} of the host's memory is usable`,
  'instance-memory-full': ({ usedBytes, ofBytes }) =>
    `The app uses ${formatBytes(usedBytes)} of the instance's ${formatBytes(ofBytes)} of memory`,
  'network-full': ({ instanceType, usedMbps, limitMbps }) =>
    `${formatMbps(usedMbps)} went through the network, which was limited to ${formatMbps(limitMbps)}, the baseline of a ${instanceType}`,
  'errors-rise': ({ errorRatePercent }) => `From this load on, ${formatPercent(errorRatePercent)} of the requests fail`,
  'limit-not-observed': ({ missing }) => {
    const names = missing.map((each) => missingNames[each] ?? each);
    return `Not measured: ${names.join(', ')}`;
  },
  'nothing-saturated': ({ workers }) =>
    `No component was saturated: neither the app (${formatNumberOf(workers, 'worker')}), the host CPU nor the load generator`,
  'slo-missed-first': () => 'The SLO is missed before the app, the host CPU or the load generator is saturated',
  'no-probe-failed': () => 'No probe failed above the capacity',

  'no-ladder': () => 'The profile has no ladder stage',
  'died-before-saturation': () => 'The target died before saturation',
  'ended-before-saturation': () => 'The run ended before saturation',
  'throughput-still-rose': () => 'Throughput still rose at the last stage',
};

function whileIdle(percent: number | undefined): string {
  return percent === undefined ? '' : ` while ${formatPercent(percent)} of the host CPU is idle`;
}
