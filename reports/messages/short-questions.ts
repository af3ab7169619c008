// The three questions of a comparison in short: what the banner, the cards and the tables do not already say.
import type { Finding } from '../../model/finding.ts';
import { formatLatency, formatNumberOf, formatPercent } from '../format/format.ts';
import type { Answer, Question } from '../schema/judged.ts';
import type { QuestionFindings } from '../schema/question-findings.ts';
import { textOf } from './text-of.ts';
import type { TextsOf } from './texts.ts';

type Side = { readonly label: string; readonly judged: { readonly questions: readonly Question[] } };
type ShortAnswer = { readonly code: string; readonly label?: string; readonly text: string };

/** Sentences that a short answer keeps, by question; of one that compares both types, that alone. */
const kept: Readonly<Record<string, readonly string[]>> = {
  'question-performance': ['latency-at', 'latency-at-capacity', 'requests-dropped', 'aborted-only'],
  'question-smaller-instance': ['programs-under-load', 'type-verdict'],
  'question-another-build': [
    'builds-compared',
    'command-cpu',
    'command-load',
    'command-out-of-memory',
    'command-unsuccessful',
  ],
};

/** Sentences that say less here, because the figures in them have their place elsewhere on the page. */
const shorter: TextsOf<Pick<QuestionFindings, 'latency-at' | 'programs-under-load' | 'type-verdict'>> = {
  'latency-at': (figures, all) => {
    const { saturated, connections, p50Us, p99Us } = figures;
    if (p50Us === undefined || p99Us === undefined) return all({ code: 'latency-at', ...figures });
    const load = connections === undefined ? '' : ` (${formatNumberOf(connections, 'connection')})`;
    const at = saturated ? 'saturation' : 'the highest throughput';
    return `Latency at ${at}${load}: p50 ${formatLatency(p50Us)}, p99 ${formatLatency(p99Us)}`;
  },
  'programs-under-load': (figures, all) => {
    const { appPercent, programs } = figures;
    if (appPercent === undefined) return all({ code: 'programs-under-load', ...figures });
    const [next] = programs;
    const other = next
      ? `; ${next.name === 'kernel' ? 'the kernel' : next.name}, the busiest other program, used ${formatPercent(next.cpuPercent)}`
      : '';
    return `Under load the app used ${formatPercent(appPercent)} of one core${other}`;
  },
  'type-verdict': (figures, all) => {
    const { instanceType, verdict, because } = figures;
    if (verdict !== 'fits') return all({ code: 'type-verdict', ...figures });
    if (because.code !== 'sustainable-load') return `A ${instanceType} fits this traffic`;
    return `A ${instanceType} fits up to its sustained rate; beyond it, while CPU credits last`;
  },
};

/** The questions of one run in short. */
export function shortQuestions(questions: readonly Question[]) {
  return questions.map((question) => ({
    question: textOf(question),
    answers: question.answers.flatMap((answer) => shorten(question, answer)),
  }));
}

/** Each question with an answer for each run, or one for both. */
export function comparedQuestions({ baseline, candidate }: { readonly baseline: Side; readonly candidate: Side }) {
  return candidate.judged.questions.map((question, index) => {
    const sides = question.code === 'question-smaller-instance' ? [candidate] : [candidate, baseline];
    const all = sides.flatMap(({ label, judged }) =>
      (judged.questions[index]?.answers ?? []).flatMap((answer) => shorten(question, answer, label)),
    );
    const answered = all.filter(({ code }) => code === 'answered');
    const shown = answered.length > 0 ? answered : all;
    return { question: textOf(question), answers: withoutRepeats(shown) };
  });
}

function shorten(question: Finding, answer: Answer, label?: string): ShortAnswer[] {
  const found = answer.sentences.filter(({ code }) => kept[question.code]?.includes(code) ?? true);
  const both = found.find(({ code }) => code === 'builds-compared');
  if (answer.code === 'not-measured') return [{ code: answer.code, text: textOf(answer) }];
  // The chart beneath shows the CPU.
  if (both) return [{ code: answer.code, text: `${textOf(both)}.` }];
  return found.length === 0 ? [] : [labelled(answer.code, label, found)];
}

function labelled(code: string, label: string | undefined, found: readonly Finding[]): ShortAnswer {
  // A verdict names its type.
  const isNamed = label !== undefined && found[0]?.code !== 'type-verdict';
  return { code, ...(isNamed && { label }), text: `${found.map(shortText).join('. ')}.` };
}

function shortText(finding: Finding): string {
  const text = shorter[finding.code as keyof typeof shorter] as
    | ((figures: never, all: (finding: Finding) => string) => string)
    | undefined;
  return text?.(finding as never, textOf) ?? textOf(finding);
}

function withoutRepeats(answers: readonly ShortAnswer[]): ShortAnswer[] {
  return answers.filter(({ text }, place) => answers.findIndex((other) => other.text === text) === place);
}
