// Asks a person before anything is written to Datadog.
import { createInterface } from 'node:readline';
import { UserError } from '../../model/user-error.ts';
import type { Surroundings } from './context.ts';

/** The question to ask; none with `--yes`. Where nobody can answer, that is said before the first call. */
export function chooseConfirm(
  yes: boolean,
  { stdin, stderr, interactive, signal }: Pick<Surroundings, 'stdin' | 'stderr' | 'interactive' | 'signal'>,
): ((plan: string) => Promise<boolean>) | undefined {
  if (yes) return undefined;
  if (!interactive) {
    throw new UserError('there is no terminal to ask on: look at what `plan` prints, then run this again with --yes');
  }
  return async (plan) => {
    stderr.write(`${plan}\nDo this? [y/N] `);
    // Not as a terminal: Ctrl-C stays a signal then, which ends this command as it ends every other.
    const lines = createInterface({ input: stdin, terminal: false, signal });
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        lines.once('line', resolve);
        // The end of the input is a no.
        lines.once('close', () => (signal.aborted ? reject(new Error('stopped while asking')) : resolve('')));
      });
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  };
}
