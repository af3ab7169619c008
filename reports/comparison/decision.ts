// What a comparison comes to, in a word and a sentence: the first thing on its page.
import type { RunRecord } from '../../model/run-record.ts';
import { formatDay, formatDuration, formatRate } from '../format/format.ts';
import { describeChange, figureName } from '../messages/difference-text.ts';
import type { Judged } from '../schema/judged.ts';
import { shorten, verdictWord } from '../verdict/headline.ts';
import { type Difference, type MarginVerdict, tooShort } from './difference.ts';
import type { MachinePair } from './instance-facts.ts';
import { moreIsWorse } from './margin.ts';

export type Decision = {
  /** What the reader came to learn. */
  readonly question: string;
  /** One or two words, for the badge. */
  readonly word: string;
  readonly verdict: Judged['verdict'];
  readonly text: string;
  /** What stands against the figures that it rests on; empty when nothing does. */
  readonly doubts?: readonly string[];
};

export type Sides = {
  readonly baseline: { readonly label: string; readonly run: RunRecord; readonly judged: Judged };
  readonly candidate: { readonly label: string; readonly run: RunRecord; readonly judged: Judged };
};

/** Why the figures of the runs may not be what the machines can do. */
export function findComparisonDoubts(sides: Sides): readonly string[] {
  return [sides.baseline, sides.candidate].flatMap(({ label, run, judged }) => [
    ...(judged.validity.verdict === 'valid'
      ? []
      : [`${label} is ${judged.validity.verdict}: ${shorten(judged.validity.reasons)}`]),
    ...judged.warnings.slice(run.warnings.length).map(({ text }) => `${label}: ${text}`),
  ]);
}

/** Of two machine types: does the second do? Of two runs on one: is the second worse, by the margins stated, or at all? */
export function decide(
  sides: Sides,
  found: {
    readonly machines: MachinePair | undefined;
    readonly margins: readonly MarginVerdict[];
    readonly differences: readonly Difference[];
  },
): Decision {
  const { candidate } = sides;
  const question = found.machines
    ? `Does ${found.machines.candidate.instanceType} do${found.machines.traffic === undefined ? '' : ` for ${found.machines.traffic}`}?`
    : `Is ${candidate.label} worse than ${sides.baseline.label}?`;
  const broken = [sides.baseline, candidate].find(({ judged }) => judged.verdict === 'no-verdict');
  if (broken) {
    const why = broken.judged.headline.slice(verdictWord(broken.judged.verdict).length + 2);
    return {
      question,
      word: 'OPEN',
      verdict: 'no-verdict',
      text: `not known: the run ${broken.label} has no verdict: ${why}`,
    };
  }
  const margins = found.margins.length > 0 ? byMargins(found.margins) : undefined;
  if (!found.machines) return { question, ...(margins ?? byDifferences(found.differences)) };
  const machines = byMachines(found.machines, candidate);
  return { question, ...(margins ? bothHold(machines, margins) : machines) };
}

type Answer = Omit<Decision, 'question'>;

function byMargins(margins: readonly MarginVerdict[]): Answer {
  const text = margins.map((each) => each.text).join('; ');
  if (margins.some((each) => each.verdict === 'is')) return { word: 'WORSE', verdict: 'fail', text };
  if (margins.some((each) => each.verdict !== 'is-not')) return { word: 'NEEDS MORE', verdict: 'no-verdict', text };
  return { word: 'NOT WORSE', verdict: 'pass', text };
}

/** A type does when it carries the load and is within the margins, which were judged with its credits alone. */
function bothHold(machines: Answer, margins: Answer): Answer {
  if (machines.verdict === 'fail') return machines;
  const text = `${margins.text}; ${machines.text}`;
  if (margins.verdict === 'fail') return { word: 'NO', verdict: 'fail', text };
  if (margins.verdict === 'no-verdict') return { ...margins, text };
  return { ...machines, text: `${machines.text}; over the stages with credits ${margins.text}` };
}

function byMachines({ baseline, candidate }: MachinePair, { run, judged }: Sides['candidate']): Answer {
  const { instanceType, sized } = candidate;
  const saved = baseline.usdPerMonth - candidate.usdPerMonth;
  const money = saved > 0 ? `saves $${saved.toFixed(2)} a month` : `costs $${Math.abs(saved).toFixed(2)} a month more`;
  if (judged.verdict === 'fail') {
    const failed = judged.thresholds.filter((each) => each.verdict === 'fail').map((each) => each.expression);
    return { word: 'NO', verdict: 'fail', text: `${instanceType} does not hold ${failed.join(' and ')}` };
  }
  if (sized.verdict === 'does-not-fit')
    return { word: 'NO', verdict: 'fail', text: `${instanceType}: ${sized.because}` };
  const carries = describeCarries(candidate);
  if (sized.verdict === 'inconclusive')
    return { word: 'OPEN', verdict: 'no-verdict', text: `${sized.because}; ${carries}; it ${money}` };
  // Nobody told the traffic: the verdict holds for the load that it carries.
  const word =
    sized.sustainableLoad && candidate.sustainedPerS ? `UP TO ${formatRate(candidate.sustainedPerS.value)}` : 'YES';
  const emulated = run.target.vcpuShare === undefined ? '' : ' emulated here, it';
  return { word, verdict: 'pass', text: `${instanceType} fits:${emulated} ${carries}; it ${money}` };
}

/** For example `does 370/s around the clock (31.9 million a day) and 3,430/s as long as it has CPU credits: 33 min from launch`. */
function describeCarries({ burstPerS, sustainedPerS, burstLastsS }: MachinePair['candidate']): string {
  const burst = burstPerS === undefined ? undefined : formatRate(burstPerS);
  if (!burstLastsS || !sustainedPerS) return burst === undefined ? 'its throughput was not measured' : `does ${burst}`;
  const forever = `does ${formatRate(sustainedPerS.value)} around the clock (${formatDay(sustainedPerS.value * 86_400)} a day)`;
  if (burst === undefined) return forever;
  return `${forever}, and ${burst} while its CPU credits last: ${formatDuration(burstLastsS.launch)} of full load from launch, ${formatDuration(burstLastsS.full)} from a full balance`;
}

function byDifferences(differences: readonly Difference[]): Answer {
  if (differences.length === 0) return { word: 'OPEN', verdict: 'no-verdict', text: tooShort };
  const worse = differences.filter((each) => each.verdict === 'differs' && isWorse(each));
  const better = differences.filter((each) => each.verdict === 'differs' && !isWorse(each));
  const told = (of: readonly Difference[]) => of.map(describeChange).join('; ');
  if (worse.length > 0) {
    const also = better.length > 0 ? `; better: ${told(better)}` : '';
    return { word: better.length > 0 ? 'MIXED' : 'WORSE', verdict: 'fail', text: `${told(worse)}${also}` };
  }
  if (better.length > 0) return { word: 'BETTER', verdict: 'pass', text: told(better) };
  const names = differences.map((each) => figureName(each.metric)).join(', ');
  return { word: 'NO DIFFERENCE', verdict: 'pass', text: `no difference beyond chance in ${names}` };
}

/** Whether the candidate's figure is the worse one. */
export function isWorse({ metric, difference }: Difference): boolean {
  return moreIsWorse(metric) ? difference.value > 0 : difference.value < 0;
}
