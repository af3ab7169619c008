// Texts of the three questions and of their answers. The questions keep the words in which they were asked of the first deployment.
import { withArticle } from '../../model/article.ts';
import { commandLine } from '../../model/command-line.ts';
import {
  capitalize,
  formatBytes,
  formatCount,
  formatDuration,
  formatLatency,
  formatNumber,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatRateInterval,
  formatUsd,
} from '../format/format.ts';
import type { QuestionFindings, TypeRate } from '../schema/question-findings.ts';
import { describeChange, describeEnd, describeRecovery, sampleName } from './changes.ts';
import { limitName } from './limits.ts';
import { repeatRun } from './sizing-recommendation.ts';
import type { TextsOf } from './texts.ts';

const list = new Intl.ListFormat('en');
/** Of a shell that found no such command. */
const notFound = 127;
const fits = { fits: 'fits', 'does-not-fit': 'does not fit', inconclusive: 'is inconclusive' } as const;

export const questionTexts: TextsOf<QuestionFindings> = {
  'question-performance': () => 'How is the server performing?',
  'question-smaller-instance': () => 'Can it handle everything installed on it, and how would a t2.micro handle this?',
  'question-another-build': () => 'What happens to the CPU when another build runs?',
  answered: ({ sentences }, textOf) => `${sentences.map(textOf).join('. ')}.`,
  'not-measured': ({ sentences }, textOf) => `Not measured in this run. ${sentences.map(textOf).join('. ')}.`,

  'answered-requests': ({ ok, sent, errorRatePercent }) =>
    `${formatCount(ok)} of ${formatNumberOf(sent, 'request')} were answered as expected${errorRatePercent === undefined ? '' : ` (errors: ${formatPercent(errorRatePercent)})`}`,
  'requests-dropped': ({ dropped, intended }) =>
    `${formatCount(dropped)} of ${formatNumberOf(intended, 'intended request')} ${dropped === 1 ? 'was' : 'were'} dropped, not sent (${formatPercent((100 * dropped) / intended)})`,
  'requests-in-flight': ({ open }) =>
    `${formatNumberOf(open, 'request')} ${open === 1 ? 'was in flight at the end of its stage (not an error)' : 'were in flight at the end of their stage (not errors)'}`,
  'sustained-stage-left-out': () => 'The stage without CPU credits is not included',
  'latency-at': ({ saturated, throughputPerS, connections, p50Us, p99Us }) => {
    const load = connections === undefined ? '' : ` with ${formatNumberOf(connections, 'connection')}`;
    const latency =
      p50Us === undefined || p99Us === undefined ? '' : ` (p50 ${formatLatency(p50Us)}, p99 ${formatLatency(p99Us)})`;
    return `${saturated ? 'Throughput saturates at' : 'The highest throughput is'} ${formatRate(throughputPerS)}${load}${latency}`;
  },
  'no-saturation-point': ({ because }, textOf) => `No saturation point: ${textOf(because)}`,
  'capacity-held': ({ held, probes }) => `${formatCount(held)} of ${formatNumberOf(probes, 'probe')} met the SLO`,
  'latency-at-capacity': ({ arrivalRatePerS, p50Us, p99Us }) =>
    `At ${formatRate(arrivalRatePerS)}, the highest rate that met it, p50 is ${formatLatency(p50Us)} and p99 ${formatLatency(p99Us)}`,
  'aborted-only': ({ stages, ok }) =>
    `The run was aborted in ${stages.map((each) => `"${each}"`).join(' and ')}, and no other stage was measured. Until then ${formatNumberOf(ok, 'request')} were answered as expected`,

  'host-not-observed-under-load': () => 'Host metrics were not collected during the load',
  'host-at-rest': (figures) =>
    `At rest, everything on this host uses ${formatPercent(figures.usedPercent)} of its CPU${memory(figures)}`,
  'host-under-load': ({ usedPercent, busiestPercent, sampleS, ...figures }) =>
    `Under load it uses ${formatPercent(usedPercent)} of the CPU on average, ${formatPercent(busiestPercent)} in the busiest ${sampleName(sampleS)}${memory(figures)}`,
  'nginx-in-path': ({ version, cpuUs, lowUs, highUs, sharePercent }) => {
    const was = `nginx ${version} was in the path of the load`;
    if (cpuUs === undefined || sharePercent === undefined) return `${was}; what it cost a request was not measured`;
    const interval =
      lowUs === undefined || highUs === undefined
        ? 'one stage, so no interval'
        : `${formatLatency(lowUs)} to ${formatLatency(highUs)}`;
    return `${was} and used ${formatLatency(cpuUs)} of CPU time per request (${interval}), ${formatPercent(sharePercent)} of what a request takes`;
  },
  'nginx-not-in-path': (run) =>
    `nginx was not in the path: the app alone was measured. To measure with it: ${repeatRun(run, '--with', 'nginx,datadog-agent,jenkins')}`,
  'programs-under-load': ({ appPercent, programs }) => {
    const others = programs.map(({ name, cpuPercent }) => `${name} ${formatPercent(cpuPercent)}`).join(', ');
    const app = appPercent === undefined ? '' : `the app under test ${formatPercent(appPercent)}`;
    return `In percent of one core: ${[app, others && `other programs: ${others}`].filter(Boolean).join('; ')}`;
  },

  'demand-unknown': ({ reason }, textOf) => `The service demand is not known: ${textOf(reason)}`,
  'type-not-sized': ({ instanceType }) => `${instanceType} was not sized`,
  'measure-beside': ({ instanceType, beside, invocation }) =>
    `To measure ${withArticle(instanceType)} beside ${withArticle(beside)}: ${commandLine(invocation, 'stress')}`,
  'type-verdict': ({ instanceType, verdict, measured, emulated, because }, textOf) =>
    `${instanceType} ${fits[verdict]} (${measured ? `measured${emulated ? ', emulated' : ''}` : 'predicted from this run'}). ${textOf(because)}`,
  'type-throughput': ({ burst, sustained }) =>
    [
      ...(burst ? [`Burst: ${rate(burst)}`] : []),
      ...(sustained ? [`${burst ? 'sustained' : 'Sustained'}: ${rate(sustained)}`] : []),
    ].join('; '),
  'type-bottleneck': ({ limitedBy }) => `Bottleneck: ${limitName(limitedBy)}`,
  'type-costs': ({ usdPerMonth, savesUsd, against }) =>
    `It costs ${formatUsd(usdPerMonth)} a month${savesUsd === undefined ? '' : `, ${formatUsd(savesUsd)} less than ${withArticle(against)}`}`,

  'no-build-ran': (run) =>
    `No build ran during the load. To measure one: ${repeatRun(run, '--profile', 'rebuild', '--during', 'npm run build')}`,
  'command-ran': ({ command, once, ...end }) =>
    `"${command}" ran during the load and ${describeEnd(end)}${once ? ' (it ran once, so this time has no interval)' : ''}`,
  'builds-compared': ({ builds }) => {
    const [first] = builds;
    const timed = builds.find(({ ended }) => ended === undefined);
    const each = builds.map((build) => `${build === timed ? 'takes ' : ''}${onType(build)}`);
    return `${/\bbuild\b/.test(first?.line ?? '') ? 'A build' : `"${first?.line}"`} ${list.format(each)}; each ran once, without an interval`;
  },
  'command-unsuccessful': ({ command, durationS, exitCode, signal }) => {
    const how = signal ?? (exitCode === notFound ? 'exit code 127: not found' : `exit code ${exitCode ?? 'unknown'}`);
    return `"${command}" failed after ${formatDuration(durationS)} (${how}). Its output is in during.log of the run. Fix it and run again`;
  },
  'command-few-requests': ({ command, durationS, requests, needed }) =>
    `"${command}" ended after ${formatDuration(durationS)}, and ${formatNumberOf(requests, 'request')} ran beside it: at least ${needed} are needed. Run a longer command, or raise --rate`,
  'command-used': ({ cpuS, vcpus, memoryBytes, credits, instanceType, earnedInS }) =>
    `It used ${formatDuration(cpuS)} of CPU time (${formatNumber(vcpus)} vCPUs on average)${memoryBytes === undefined ? '' : ` and up to ${formatBytes(memoryBytes)} of memory`}. That is ${formatNumber(credits)} CPU credits: ${withArticle(instanceType)} earns them in ${formatDuration(earnedInS)} if its vCPU is as fast`,
  'command-disturbed': ({ takenPercent, takers }) =>
    `Other processes used ${formatPercent(takenPercent)} of the CPU of this machine meanwhile${takers.length > 0 ? ` (${takers.join(', ')})` : ''}: on an idle machine it is faster`,
  'command-out-of-memory': ({ killed, memoryBytes, instanceType }) =>
    `It needs more memory than ${withArticle(instanceType)} has${memoryBytes === undefined ? '' : ` beside the app (it had ${formatBytes(memoryBytes)})`}: the kernel killed ${killed === 1 ? 'a process' : `${killed} processes`}`,
  'command-cpu': ({ cpuPercent, busiestPercent, sampleS }) =>
    `CPU use ${describeChange(cpuPercent, formatPercent)}${busiestPercent === undefined ? '' : `; in the busiest ${sampleName(sampleS)} ${formatPercent(busiestPercent)} was in use`}`,
  'command-cpu-unknown': () => 'Its effect on the CPU is not known: host metrics were not collected',
  'command-load': ({ p50Us, p99Us, throughputPerS, errorRatePercent }) => {
    const parts = [
      ...(p50Us ? [`latency p50 ${describeChange(p50Us, formatLatency)}`] : []),
      ...(p99Us ? [`p99 ${describeChange(p99Us, formatLatency)}`] : []),
      ...(throughputPerS ? [`throughput ${describeChange(throughputPerS, formatRate)}`] : []),
      ...(errorRatePercent ? [`errors ${describeChange(errorRatePercent, formatPercent)}`] : []),
    ];
    return capitalize(parts.join(', '));
  },
  'after-command': ({ cpuPercent, p99Us }) =>
    `Afterwards the CPU was at ${formatPercent(cpuPercent)}${p99Us === undefined ? '' : ` and p99 at ${formatLatency(p99Us)}`}`,
  recovery: describeRecovery,
};

function onType({
  instanceType,
  durationS,
  ended,
  p99Us,
}: QuestionFindings['builds-compared']['builds'][number]): string {
  if (ended === 'failed') return `failed on the ${instanceType}`;
  if (ended === 'out-of-memory') return `needs more memory than the ${instanceType} has`;
  const time = `${formatDuration(durationS)} on the ${instanceType}`;
  const p99 = p99Us ? ` (p99 ${describeChange(p99Us, formatLatency)})` : '';
  return `${ended === 'stopped' ? 'had not ended after ' : ''}${time}${p99}`;
}

function memory({ usedBytes, ofBytes }: { readonly usedBytes?: number; readonly ofBytes?: number }): string {
  if (usedBytes === undefined || ofBytes === undefined) return '';
  return ` and ${formatBytes(usedBytes)} of ${formatBytes(ofBytes)} of memory`;
}

function rate({ measuredPerS, predictedPerS, low, high, p99Us }: TypeRate): string {
  const how =
    measuredPerS === undefined
      ? 'predicted'
      : predictedPerS === undefined
        ? 'measured'
        : `measured; ${formatRate(predictedPerS)} predicted`;
  const value = measuredPerS ?? predictedPerS ?? 0;
  const text = formatRateInterval({ value, low, high }).replace(/\)$/, '; ');
  const open = text.endsWith(' ') ? text : `${text} (`;
  return `${open}${how}${p99Us === undefined ? '' : `; p99 ${formatLatency(p99Us)}`})`;
}
