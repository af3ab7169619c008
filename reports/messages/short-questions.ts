// The three questions of a comparison in short: what the banner, the cards and the tables do not already say.
import type { Finding } from '../../model/finding.ts';
import type { Answer, Question } from '../schema/judged.ts';
import { sentences, textOf } from './text-of.ts';

type Side = { readonly label: string; readonly judged: { readonly questions: readonly Question[] } };
type ShortAnswer = { readonly code: string; readonly label?: string; readonly text: string };

/** Sentences that a short answer keeps, by question; of one that compares both types, that alone. */
const kept: Readonly<Record<string, readonly string[]>> = {
  'question-performance': [
    'latency-at',
    'latency-at-capacity',
    'no-saturation-point',
    'requests-dropped',
    'aborted-only',
  ],
  'question-smaller-instance': ['programs-under-load', 'type-costs'],
  'question-another-build': ['builds-compared', 'command-cpu', 'command-out-of-memory', 'command-unsuccessful'],
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
  if (both) return [{ code: answer.code, text: `${textOf(both)}.` }, ...(label === undefined ? withCpu(found) : [])];
  return found.length === 0 ? [] : [labelled(answer.code, label, found)];
}

function labelled(code: string, label: string | undefined, found: readonly Finding[]): ShortAnswer {
  return { code, ...(label !== undefined && { label }), text: `${sentences(found)}.` };
}

/** Of a comparison the chart beneath shows it. */
function withCpu(found: readonly Finding[]): ShortAnswer[] {
  const own = found.filter(({ code }) => code === 'command-cpu');
  return own.length === 0 ? [] : [labelled('answered', undefined, own)];
}

function withoutRepeats(answers: readonly ShortAnswer[]): ShortAnswer[] {
  return answers.filter(({ text }, place) => answers.findIndex((other) => other.text === text) === place);
}
