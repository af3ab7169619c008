// Texts of the verdict on a type, its time to throttle, and what was assumed.
import { withArticle } from '../../model/article.ts';
import {
  formatBytes,
  formatDuration,
  formatEc2Rate,
  formatHours,
  formatNumberOf,
  formatRateInterval,
} from '../format/format.ts';
import type { CountedProgram } from '../schema/check-findings.ts';
import type { TypeFindings } from '../schema/type-findings.ts';
import type { TextsOf } from './texts.ts';

const ratiosOnly = 'ratios between types carry over to EC2, absolute rates do not';

export const typeTexts: TextsOf<TypeFindings> = {
  'summary-fits': () => 'fits',
  'summary-fits-up-to': ({ perS: value, low = value, high = value, onEc2 }) =>
    `fits up to ${onEc2 ? formatEc2Rate({ value, low, high }) : formatRateInterval({ value, low, high })}`,
  'summary-does-not-fit': () => 'does not fit',
  'summary-inconclusive': () => 'inconclusive',
  'throttles-after': ({ hoursToThrottle }) => formatHours(hoursToThrottle),
  'never-throttles': () => 'never',
  'vcpus-whole': ({ cpuModel, dearer, low = 1, high = 1 }) =>
    `one emulated vCPU is a core of the measuring machine (${cpuModel}); rates measured on fewer cores than vCPUs are scaled to all vCPUs${
      dearer === undefined
        ? ''
        : `, and by ${round(dearer)} (${round(low)} to ${round(high)}), because workers that share a core use more CPU per request`
    }`,
  'vcpu-emulated': ({ vcpuShare, cpuModel }) =>
    `one emulated vCPU was ${round(vcpuShare)} of a core of the measuring machine (${cpuModel}): ${ratiosOnly}`,
  'vcpu-is-core': ({ cpuModel }) =>
    `rates here are those of whole cores of the measuring machine (${cpuModel}), one for each vCPU; rates on EC2 are those of vCPUs of the type`,
  'vcpu-assumed-core': ({ instanceType, cpuModel }) =>
    `one vCPU of ${withArticle(instanceType)} is assumed to be a core of the measuring machine (${cpuModel}): ${ratiosOnly}`,
  'measured-on-type': ({ instanceType }) => `predicted from a run on ${withArticle(instanceType)}`,
  'vcpu-speed-unknown': ({ instanceType, low = 1, high = 1 }) =>
    `how fast a vCPU of ${instanceType} is compared with the measured one is not known: the rates assume an equal one, and their intervals ${low.toFixed(2)} to ${high.toFixed(2)} of it, as the slowest and the fastest type that was measured`,
  'vcpu-speed': ({ of, instanceType, ratio, low, high }) =>
    `a vCPU of ${instanceType} does ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) of the work of ${withArticle(of)} vCPU`,
  'vcpus-promised': ({ instanceType, vcpus, promisedVcpus }) =>
    `${promisedVcpus} of the ${vcpus} vCPUs of ${instanceType} are promised. More is usual, up to all of them, and no verdict rests on it`,
  'idle-vcpus': ({ idleVcpus, workers }) =>
    `the app runs ${workers === 1 ? '1 process' : `${workers} processes`}, so ${formatNumberOf(idleVcpus, 'vCPU')} ${idleVcpus === 1 ? 'is' : 'are'} idle: the type adds memory and CPU credits only`,
  'workers-unknown': ({ workers, most }) =>
    `a run on one vCPU does not show whether the app keeps more than ${workers} of the ${most} vCPUs busy: the rates are those of ${workers}, and their intervals reach to ${most}. Measure it on a type of 2 vCPUs to know`,
  'cold-start': ({ startS }) =>
    `a restart without CPU credits takes ${formatDuration(startS)} until the app listens; responses are slow until the JIT has warmed up`,
  'counted-beside-app': ({ programs, hostVcpus, unknownVcpus = 0 }) => {
    const shown = programs.slice(0, mostPrograms).map(describeProgram);
    const more = programs.length - shown.length;
    const named = more > 0 ? [...shown, `and ${more} more`] : shown;
    const rest = 'What else its machine has is not known';
    if (hostVcpus !== undefined)
      return [
        `Counted: the observed host${hostVcpus > 0 ? `, whose programs used ${vcpusOf(hostVcpus)} at rest without the app` : ''}${named.length > 0 ? `: ${named.join('; ')}` : ''}`,
        ...(unknownVcpus > 0 ? [`Not known: ${vcpusOf(unknownVcpus)} at rest, of no program that was seen`] : []),
      ].join('. ');
    if (named.length === 0) return `Counted beside the app: memory for the system alone. ${rest}`;
    return `Counted beside the app and the system: ${named.join('; ')}. ${rest}`;
  },
};

/** The others are in the JSON document. */
const mostPrograms = 5;

function describeProgram({ name, how, vcpus, bytes, inPath }: CountedProgram): string {
  const parts = [
    inPath ? 'in the path' : undefined,
    vcpus && vcpusOf(vcpus.value),
    bytes && formatBytes(bytes.value),
    how,
  ].filter((part) => part !== undefined);
  return `${name} (${parts.join(', ')})`;
}

function vcpusOf(value: number): string {
  return `${Number(value.toPrecision(2))} vCPUs`;
}

function round(value: number): string {
  return String(Number(value.toFixed(2)));
}
