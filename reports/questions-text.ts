// The three questions on a terminal.
import type { Judged } from './judged.ts';
import { plainLine } from './plain-text.ts';

/** A line per question and one per answer. */
export function renderQuestions({ questions }: Judged): string {
  return questions
    .map(({ question, answers }) => [question, ...answers.map(({ text }) => `  ${plainLine(text)}`)].join('\n'))
    .join('\n');
}
