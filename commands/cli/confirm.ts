// Asks for confirmation before anything is written to Datadog.
import { createInterface } from 'node:readline';
import { UserError } from '../../model/user-error.ts';
import type { CommandContext } from './context.ts';

/** Returns the question, or undefined with `--yes`. Without a terminal it throws a UserError, before the first call. */
export function chooseConfirm(
  yes: boolean,
  { stdin, stderr, interactive, signal }: Pick<CommandContext, 'stdin' | 'stderr' | 'interactive' | 'signal'>,
): ((plan: string) => Promise<boolean>) | undefined {
  if (yes) return undefined;
  if (!interactive) {
    throw new UserError(
      'there is no terminal to confirm on. Check the output of `monitors plan`, then repeat this command with --yes',
    );
  }
  return async (plan) => {
    stderr.write(`${plan}\nApply this plan? [y/N] `);
    // With `terminal`, Ctrl-C would no longer be a signal.
    const lines = createInterface({ input: stdin, terminal: false, signal });
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        lines.once('line', resolve);
        // The end of the input counts as no.
        lines.once('close', () => (signal.aborted ? reject(new Error('stopped while asking')) : resolve('')));
      });
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  };
}
