import type { FromWorker, Question } from './channel.ts';

/** Asks the primary and matches its answers to the questions. */
export interface Asking {
  ask(question: Question): Promise<unknown>;
  /** To be called with each answer that arrives. */
  onAnswer(id: number, answer: unknown): void;
}

const ANSWER_LIMIT_MS = 5_000;

/** Starts to ask over a channel. */
export function createAsking(send: (message: FromWorker) => void): Asking {
  const waiting = new Map<number, (answer: unknown) => void>();
  let lastId = 0;
  return {
    ask(question) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`the primary process did not answer about ${question.about}`));
        }, ANSWER_LIMIT_MS);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        send({ type: 'question', id, question });
      });
    },
    onAnswer(id, answer) {
      waiting.get(id)?.(answer);
      waiting.delete(id);
    },
  };
}
