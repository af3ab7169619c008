// The three questions that every report answers, in the words in which they were asked of the original deployment.
import type { Observed, SeriesSummary } from '../model/observed.ts';
import type { RunRecord } from '../model/run-record.ts';
import { loadStages, mergeSummaries, restStages } from './box-cost.ts';
import { describeEffect } from './change-text.ts';
import { formatBytes, formatCount, formatLatency, formatPercent, formatRate } from './format.ts';
import type {
  Answer,
  BoxCost,
  Busiest,
  CommandEffect,
  JudgedCapacity,
  Measured,
  Question,
  Saturation,
} from './judged.ts';

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
  if (!busiest) return notMeasured('no measured stage has an answered request.');
  const { outcomes, requests, errorRatePercent } = measured;
  const errors = errorRatePercent === undefined ? '' : ` (errors ${formatPercent(errorRatePercent)})`;
  const open = requests.open > 0 ? `; ${formatCount(requests.open)} were still open when their stage ended` : '';
  const sentences = [
    `It answered ${formatCount(outcomes.ok)} of ${formatCount(requests.sent)} requests as expected${errors}${open}.`,
  ];
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
  if (saturation) sentences.push(`Limit: ${saturation.limitedBy} (${saturation.because}).`);
  return { status: 'answered', text: sentences.join(' ') };
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
  if (!idleUnderLoad) return notMeasured('the host was not observed under load.');

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

function smallerMachine({ run, busiest, capacity }: Findings): Answer {
  if (run.target.instanceType === 't2.micro' && capacity) {
    return {
      status: 'answered',
      text: `This run is of a t2.micro: it carries ${formatRate(capacity.arrivalRatePerS)} within the SLO.`,
    };
  }
  if (run.target.instanceType === 't2.micro' && busiest) {
    return {
      status: 'answered',
      text: `This run is of a t2.micro: its highest throughput is ${formatRate(busiest.throughputPerS)}.`,
    };
  }
  return notMeasured('the target is not a t2.micro. A run on a t2.micro would measure it.');
}

/** More commands than this are in the table alone. */
const mostCommands = 3;

function anotherBuild({ run, commands }: Findings): Answer[] {
  if (commands.length === 0) {
    return [
      notMeasured(
        'no build was started during it. A run with a build in the middle of its load (--profile rebuild --during "npm run build") would measure it.',
      ),
    ];
  }
  return commands
    .slice(0, mostCommands)
    .map((effect) => ({ status: 'answered', text: describeEffect(effect, run.recovery) }));
}

function notMeasured(why: string): Answer {
  return { status: 'not-measured', text: `Not measured in this run: ${why}` };
}

function connections(count: number): string {
  return count === 1 ? '1 connection' : `${formatCount(count)} connections`;
}
