import type { FromWorker, Question } from './channel.ts';

/** A worker's requests to the primary process, each matched to its answer. */
interface PrimaryClient {
  /** Rejects when the primary does not answer within 5 seconds. */
  ask(question: Question): Promise<unknown>;
  /** To be called with each answer that arrives. */
  onAnswer(id: number, answer: unknown): void;
}

const ANSWER_LIMIT_MS = 5_000;

/** Returns a client that sends its questions by `send`. */
export function createPrimaryClient(send: (message: FromWorker) => void): PrimaryClient {
  const pending = new Map<number, (answer: unknown) => void>();
  let lastId = 0;
  return {
    ask(question) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(id);
          reject(new Error(`The primary process did not answer a ${question.about} request within 5 seconds.`));
        }, ANSWER_LIMIT_MS);
        pending.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        send({ type: 'question', id, question });
      });
    },
    onAnswer(id, answer) {
      pending.get(id)?.(answer);
      pending.delete(id);
    },
  };
}
