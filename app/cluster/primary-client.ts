import type { FromWorker, Question } from './channel.ts';

const ANSWER_LIMIT_MS = 5_000;

/** The machine is so busy that the primary process does not answer: no fault of the app, and over when the machine is less busy. */
class PrimaryBusy extends Error {
  override name = 'PrimaryBusy';
  readonly status = 503;
  readonly retryAfterS = 5;
}

/** A worker's questions to the primary process, sent by `send`, each matched to its answer. */
export function createPrimaryClient(send: (message: FromWorker) => void) {
  const pending = new Map<number, (answer: unknown) => void>();
  let lastId = 0;
  return {
    /** Rejects with PrimaryBusy when the primary does not answer within 5 seconds. */
    ask(question: Question): Promise<unknown> {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(id);
          reject(new PrimaryBusy(`The primary process did not answer a ${question.about} request within 5 seconds.`));
        }, ANSWER_LIMIT_MS);
        pending.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        send({ type: 'question', id, question });
      });
    },
    /** To be called with each answer that arrives. */
    onAnswer(id: number, answer: unknown): void {
      pending.get(id)?.(answer);
      pending.delete(id);
    },
  };
}
