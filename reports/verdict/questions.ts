// The three questions that every report answers from this run's figures; what was not measured is said, with what would measure it.
import type { Question } from '../schema/judged.ts';
import { found } from '../schema/verdict-findings.ts';
import type { Answerable } from './answer.ts';
import { answerAnotherBuild } from './answer-another-build.ts';
import { answerEverythingInstalled } from './answer-everything-installed.ts';
import { answerPerformance } from './answer-performance.ts';
import { answerSmallerInstance } from './answer-smaller-instance.ts';

/** Each question with its answers. */
export function answerQuestions(of: Answerable): Question[] {
  return [
    { ...found('question-performance', {}), answers: [answerPerformance(of)] },
    {
      ...found('question-smaller-instance', {}),
      answers: [answerEverythingInstalled(of), answerSmallerInstance(of)],
    },
    { ...found('question-another-build', {}), answers: answerAnotherBuild(of) },
  ];
}
