// Texts of the verdict on a type, its time to throttle, and what was assumed.
import { formatDuration, formatNumberOf, formatRate, formatRateInterval } from '../format/format.ts';
import type { TypeFindings } from '../schema/sizing-findings.ts';
import type { Estimate } from '../series/regression.ts';
import type { TextsOf } from './texts.ts';

const ratiosOnly = 'ratios between types carry over to EC2, absolute rates do not';

export const typeTexts: TextsOf<TypeFindings> = {
  'summary-fits': () => 'fits',
  'summary-fits-up-to': ({ perS, ...interval }) => `fits up to ${formatRateInterval({ value: perS, ...interval })}`,
  'summary-does-not-fit': () => 'does not fit',
  'summary-inconclusive': () => 'inconclusive',
  'throttles-after': ({ hoursToThrottle }) => formatDuration(hoursToThrottle * 3600),
  'never-throttles': () => 'never',
  'vcpus-whole': ({ cpuModel }) =>
    `one emulated vCPU is a core of the measuring machine (${cpuModel}); a rate that was measured on fewer cores than vCPUs is scaled to all of them`,
  'vcpu-emulated': ({ vcpuShare, cpuModel }) =>
    `one emulated vCPU was ${round(vcpuShare)} of a core of the measuring machine (${cpuModel}): ${ratiosOnly}`,
  'vcpu-assumed-core': ({ instanceType, cpuModel }) =>
    `one vCPU of a ${instanceType} is assumed to be a core of the measuring machine (${cpuModel}): ${ratiosOnly}`,
  'measured-on-type': ({ instanceType }) => `predicted from a run on a ${instanceType}`,
  'no-coremark': ({ instanceType }) =>
    `no CoreMark score is known for ${instanceType}: its vCPUs are assumed to be as fast`,
  'coremark-ratio': ({ instanceType, ofType, ratio }) =>
    `one vCPU of ${instanceType} does ${round(ratio)} of the work of one of ${ofType} (CoreMark)`,
  'on-ec2': ({ burstPerS, sustainedPerS, vcpuOfACore }) =>
    `on EC2 about ${[
      ...(sustainedPerS ? [`${interval(sustainedPerS)} sustained`] : []),
      ...(burstPerS ? [`${interval(burstPerS)} in a burst`] : []),
    ].join(
      ' and ',
    )}; its vCPU is ${round(vcpuOfACore.value)} of a core here (${round(vcpuOfACore.low)} to ${round(vcpuOfACore.high)})`,
  'idle-vcpus': ({ idleVcpus, workers }) =>
    `the app runs ${workers === 1 ? '1 process' : `${workers} processes`}, so ${formatNumberOf(idleVcpus, 'vCPU')} ${idleVcpus === 1 ? 'is' : 'are'} idle: the type adds memory and CPU credits only`,
  'cold-start': ({ startS }) =>
    `a restart without CPU credits takes ${formatDuration(startS)} until the app listens; responses are slow until the JIT has warmed up`,
};

function interval({ value, low, high }: Estimate): string {
  return `${formatRate(value)} (${formatRate(low)} to ${formatRate(high)})`;
}

function round(value: number): string {
  return String(Number(value.toFixed(2)));
}
