// The three questions that every report answers, in the words in which they were asked of the original deployment.
import { findBurstableType } from '../../model/instance-catalogue.ts';
import type { Observed, SeriesSummary } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLatency,
  formatPercent,
  formatRate,
} from '../format/format.ts';
import { isLeftOut } from '../measured/measured.ts';
import { loadStages, mergeSummaries, restStages } from '../measured/program-use.ts';
import { describeEffect } from '../messages/change-text.ts';
import type {
  Answer,
  BoxCost,
  Busiest,
  CommandEffect,
  JudgedCapacity,
  Measured,
  Question,
  Saturation,
} from '../schema/judged.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { findBuild } from '../sizing/build-demand.ts';
import { measureServiceDemand, noAnswer } from '../sizing/service-demand.ts';

const smaller = 't2.micro';
const larger = 't2.medium';

/** What the answers are drawn from. */
export type Findings = {
  readonly run: RunRecord;
  readonly observed: Observed | undefined;
  readonly measured: Measured;
  readonly busiest?: Busiest;
  readonly saturation?: Saturation;
  readonly capacity?: JudgedCapacity;
  readonly boxCosts: readonly BoxCost[];
  readonly commands: readonly CommandEffect[];
  readonly sizing?: SizingRecord;
};

/** Each question with its answers from this run's figures; what was not measured is said, with what would measure it. */
export function answerQuestions(findings: Findings): readonly Question[] {
  return [
    { question: 'How is the server performing?', answers: [performance(findings)] },
    {
      question: 'Can it handle everything installed on it, and how would a t2.micro handle this?',
      answers: [everythingInstalled(findings), smallerMachine(findings)],
    },
    {
      question: 'What happens to the CPU when another build runs?',
      answers: anotherBuild(findings),
    },
  ].map(({ question, answers }) => ({ question, answers }));
}

function performance({ run, measured, busiest, saturation, capacity }: Findings): Answer {
  if (capacity) return { status: 'answered', text: describeCapacity(capacity, run) };
  if (!busiest) return notMeasured(describeNothing(run, measured));
  const { outcomes, requests, errorRatePercent } = measured;
  const errors = errorRatePercent === undefined ? '' : ` (errors ${formatPercent(errorRatePercent)})`;
  const open =
    requests.open > 0
      ? `; ${formatCount(requests.open)} were still open when their stage ended, which is no error`
      : '';
  const sentences = [
    `It answered ${formatCount(outcomes.ok)} of ${formatCount(requests.sent)} requests as expected${errors}${open}.`,
  ];
  if (run.stages.some(({ role }) => role === 'sustained'))
    sentences.push('The stage without CPU credits is not counted in that.');
  const at = saturation ?? busiest;
  const load = at.connections === undefined ? '' : ` with ${connections(at.connections)}`;
  const latency = at.latencyUs
    ? `, where half of the answers take ${formatLatency(at.latencyUs.p50)} or less and 99 % take ${formatLatency(at.latencyUs.p99)} or less`
    : '';
  sentences.push(
    saturation
      ? `Throughput stops rising at ${formatRate(at.throughputPerS)}${load}${latency}.`
      : `The highest throughput seen is ${formatRate(at.throughputPerS)}${load}${latency}; where it stops rising was not reached or not looked for.`,
  );
  if (saturation?.highest) {
    const { throughputPerS, connections: most } = saturation.highest;
    sentences.push(`The highest seen is ${formatRate(throughputPerS)} with ${connections(most)}.`);
  }
  if (saturation) sentences.push(`Limit: ${saturation.limitedBy} (${saturation.because}).`);
  return { status: 'answered', text: sentences.join(' ') };
}

function describeNothing(run: RunRecord, { stages }: Measured): string {
  const cut = run.stages.filter((stage) => isLeftOut(run, stage));
  const ended = cut.reduce((sum, { outcomes }) => sum + outcomes.ok, 0);
  if (stages > 0 || ended === 0) return `${noAnswer(run)}.`;
  const names = cut.map(({ name }) => `"${name}"`).join(' and ');
  return `the run was aborted in ${names}, and no other stage was measured, so nothing counts. Until then ${formatCount(ended)} requests were answered as expected.`;
}

/** How much it carries, how surely, and how the edge looks from the last rate that held. */
function describeCapacity(capacity: JudgedCapacity, run: RunRecord): string {
  const held = capacity.probes.filter((probe) => probe.holds);
  const rate = formatRate(capacity.arrivalRatePerS);
  const sentences = [
    `It carries ${rate} (with 95 % certainty between ${formatRate(capacity.low)} and ${formatRate(capacity.high)}) within the SLO ${capacity.slo.join(' and ')}; ${held.length} of ${formatCount(capacity.probes.length)} probes held.`,
  ];
  const [best] = [...held].sort((a, b) => b.arrivalRatePerS - a.arrivalRatePerS);
  const latency = best && run.stages[best.stage]?.latencyUs;
  if (best && latency) {
    sentences.push(
      `At ${formatRate(best.arrivalRatePerS)}, the highest rate that held, half of the answers take ${formatLatency(latency.p50)} or less and 99 % take ${formatLatency(latency.p99)} or less.`,
    );
  }
  sentences.push(`Limit: ${capacity.limitedBy} (${capacity.because}).`);
  return sentences.join(' ');
}

function everythingInstalled({ run, observed, boxCosts }: Findings): Answer {
  const of = (stages: readonly number[], metric: string) =>
    mergeSummaries(stages.map((index) => observed?.stages[index]?.metrics[metric]));
  const rest = restStages(run);
  const load = loadStages(run);
  const idleAtRest = of(rest, 'system.cpu.idle');
  const idleUnderLoad = of(load, 'system.cpu.idle');
  if (!idleUnderLoad)
    return notMeasured(load.length === 0 ? `${noAnswer(run)}.` : 'the host was not observed under load.');

  const total = of(load, 'system.mem.total');
  const memory = (used: SeriesSummary | undefined) =>
    used && total ? ` and ${formatBytes(used.avg)} of ${formatBytes(total.max)} of memory` : '';
  const sentences: string[] = [];
  if (idleAtRest) {
    sentences.push(
      `At rest, everything that runs on this machine takes ${formatPercent(100 - idleAtRest.avg)} of its CPU${memory(of(rest, 'system.mem.used'))}.`,
    );
  }
  sentences.push(
    `Under load it takes ${formatPercent(100 - idleUnderLoad.avg)} of the CPU on average, ${formatPercent(100 - idleUnderLoad.min)} in the busiest second${memory(of(load, 'system.mem.used'))}.`,
  );
  const biggest = boxCosts
    .filter((each) => each.underLoad?.cpuPercent !== undefined)
    .slice(0, 4)
    .map((each) => `${each.name} ${formatPercent(each.underLoad?.cpuPercent ?? 0)}`);
  if (biggest.length > 0) sentences.push(`Of one core, under load: ${biggest.join(', ')}.`);
  sentences.push(
    100 - idleUnderLoad.min >= 99
      ? 'In its busiest second the CPU has nothing left.'
      : `In its busiest second ${formatPercent(idleUnderLoad.min)} of the CPU is left.`,
  );
  return { status: 'answered', text: sentences.join(' ') };
}

/** The t2.micro's half of the second question: fits or not and up to which load, both capacities, what binds, the money. */
function smallerMachine({ run, observed, sizing }: Findings): Answer {
  const micro = sizing?.types.find(({ instanceType }) => instanceType === smaller);
  if (!sizing || !micro) {
    const demand = sizing ? undefined : measureServiceDemand(run, observed);
    const why =
      typeof demand === 'string'
        ? `the CPU of a request is not known (${demand})`
        : `a ${smaller} is not among the types that were asked about`;
    return notMeasured(`${why}. "npm run stress" measures a ${smaller} beside a ${larger}.`);
  }
  const measured = micro.measuredBurstPerS !== undefined || micro.measuredSustainedPerS !== undefined;
  const emulated = run.target.vcpuShare !== undefined ? 'an emulated' : 'a';
  const sentences = [
    measured ? `Measured on ${emulated} ${smaller}.` : `Projected from this run, not measured on a ${smaller}.`,
    `It ${{ fits: 'fits', 'does-not-fit': 'does not fit', inconclusive: 'may or may not fit' }[micro.verdict]}: ${micro.because}.`,
  ];
  const states = [
    describeState('with CPU credits', micro.burstPerS?.value, micro.measuredBurstPerS, micro.p99Us),
    describeState('without', micro.sustainedPerS?.value, micro.measuredSustainedPerS, micro.sustainedP99Us),
  ].filter((state) => state !== undefined);
  if (states.length > 0) sentences.push(`It does ${states.join(', and ')}.`);
  const medium = sizing.types.find(({ instanceType }) => instanceType === larger);
  const saved = medium ? medium.usdPerMonth - micro.usdPerMonth : 0;
  const saving = saved > 0 ? `, $${saved.toFixed(2)} less than a ${larger}` : '';
  const limit = micro.limitedBy.replace('-', ' ');
  // What a measurement lacks was said by the reason of the verdict.
  if (micro.limitedBy !== 'measurement')
    sentences.push(`What ${micro.verdict === 'inconclusive' ? 'is open' : 'binds'} is ${limit}.`);
  sentences.push(`It costs $${micro.usdPerMonth.toFixed(2)} a month${saving}.`);
  return { status: 'answered', text: sentences.join(' ') };
}

function describeState(
  state: string,
  predicted: number | undefined,
  measured: number | undefined,
  p99Us: number | undefined,
): string | undefined {
  const rate = measured ?? predicted;
  if (rate === undefined) return undefined;
  const how =
    measured === undefined
      ? 'predicted'
      : predicted === undefined
        ? 'measured'
        : `measured; ${formatRate(predicted)} predicted`;
  const latency = p99Us === undefined ? '' : `, 99 % within ${formatLatency(p99Us)}`;
  return `${formatRate(rate)} ${state} (${how}${latency})`;
}

/** More commands than this are in the table alone. */
const mostCommands = 3;

function anotherBuild({ run, observed, commands }: Findings): Answer[] {
  if (commands.length === 0) {
    return [
      notMeasured(
        'no build was started during it. A run with a build in the middle of its load (--profile rebuild --during "npm run build") would measure it.',
      ),
    ];
  }
  return commands.slice(0, mostCommands).map((effect, index) => ({
    status: 'answered',
    text: `${describeEffect(effect, run.recovery)}${index === 0 ? describeCredits(run, observed) : ''}`,
  }));
}

/** What it would take of the smaller machine's credits. */
function describeCredits(run: RunRecord, observed: Observed | undefined): string {
  const build = findBuild(run, observed);
  if (!build) return '';
  const credits = (build.vcpus * build.durationS) / 60;
  const { creditsEarnedPerHour } = findBurstableType(smaller).credits;
  return ` The command took ${formatNumber(build.vcpus)} vCPUs for ${formatDuration(build.durationS)}, which is ${formatNumber(credits)} CPU credits: a ${smaller} earns as many in ${formatDuration((credits / creditsEarnedPerHour) * 3600)}, if its vCPU is as fast.`;
}

function formatNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function notMeasured(why: string): Answer {
  return { status: 'not-measured', text: `Not measured in this run: ${why}` };
}

function connections(count: number): string {
  return count === 1 ? '1 connection' : `${formatCount(count)} connections`;
}
