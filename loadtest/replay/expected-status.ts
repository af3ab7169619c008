// Which statuses are as the log has it.

/** Stands for the status of a request in a log that has none. */
export const notInLog = 999;

/** The client left before there was an answer (nginx: 499, HAProxy and Traefik: 0), or was too slow (408). */
const noAnswer: ReadonlySet<number> = new Set([0, 408, 460, 499]);

/**
 * Whether an answer agrees with the log: the same status. A replay has no copy from before and no ranges, so for a 304 or a 206 it gets the
 * whole (200); where the log has no answer, all but an error of the server (5xx) agree. A log without statuses says nothing of its answers: as
 * for a URL, 2xx and 3xx are expected.
 */
export function answersExpected(inLog: number, status: number): boolean {
  if (inLog === notInLog) return status >= 200 && status < 400;
  if (noAnswer.has(inLog)) return status < 500;
  return status === inLog || (status === 200 && (inLog === 304 || inLog === 206));
}
