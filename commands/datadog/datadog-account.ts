// The way from the environment to Datadog, for the commands that need an account.
import { type Clock, systemClock } from '../../monitors/datadog/clock.ts';
import type { Datadog } from '../../monitors/datadog/datadog.ts';
import type { CommandContext } from '../cli/context.ts';

export type Account = {
  readonly datadog: Datadog;
  /** Its sleeps end when the user stops the command. */
  readonly clock: Clock;
  /** Tells a person what is going on. */
  readonly say: (text: string) => void;
};

/** Connects to the account that the environment names; keys that are missing are a UserError, those that are refused the first call's. */
export async function connectAccount(
  { environment, signal }: Pick<CommandContext, 'environment' | 'signal'>,
  say: (text: string) => void,
): Promise<Account> {
  const clock: Clock = {
    now: systemClock.now,
    sleep: (ms, other) => systemClock.sleep(ms, other ? AbortSignal.any([signal, other]) : signal),
  };
  // Loaded here: the client takes 0.4 s, which the other commands need not wait for.
  const { connectDatadog } = await import('../../monitors/datadog/datadog.ts');
  // CI systems set what is not there to nothing.
  const datadog = connectDatadog(
    {
      apiKey: environment.DD_API_KEY?.trim(),
      appKey: environment.DD_APP_KEY?.trim(),
      site: environment.DD_SITE || undefined,
      apiUrl: environment.DD_API_URL || undefined,
    },
    { clock, onWait: (why, waitS) => say(`${why}: waiting ${Math.ceil(waitS)} s`) },
  );
  return { datadog, clock, say };
}

/** Does the work with Datadog at hand. A signal ends the waits of the work, and the command with the signal's code. */
export async function withDatadog(
  context: CommandContext,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
  work: (account: Account) => Promise<void>,
): Promise<void> {
  const { stdout, stderr, signal, exit } = context;
  const account = await connectAccount(context, (text) => {
    if (!quiet) stderr.write(`${text}\n`);
  });
  try {
    await work(account);
  } catch (error) {
    if (!signal.aborted) throw error;
    const { reason, exitCode } = signal.reason as { reason: string; exitCode: number };
    stderr.write(`headroom: ${reason}\n`);
    if (json) stdout.write(`${JSON.stringify({ error: reason, exitCode })}\n`);
    exit(exitCode);
  }
}
