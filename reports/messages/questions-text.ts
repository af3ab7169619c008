// The three questions on a terminal.

import { plainLine } from '../format/plain-text.ts';
import type { Judged } from '../schema/judged.ts';

/** A line per question and one per answer; `machine` is the one that they are about, where there are several. */
export function renderQuestions({ questions }: Judged, machine?: string): string {
  const lines = questions.map(({ question, answers }) =>
    [question, ...answers.map(({ text }) => `  ${plainLine(text)}`)].join('\n'),
  );
  return [...(machine === undefined ? [] : [`On the ${plainLine(machine)}:`]), ...lines].join('\n');
}
