// Connects to Datadog with the keys of the environment.
import { type Clock, systemClock } from '../../monitors/datadog/clock.ts';
import type { Datadog } from '../../monitors/datadog/datadog.ts';
import type { CommandContext } from '../cli/context.ts';

export type Account = {
  readonly datadog: Datadog;
  /** Its sleeps end when the command is stopped. */
  readonly clock: Clock;
  /** Shows progress to the user. */
  readonly say: (text: string) => void;
};

/** Connects to the account of the environment's keys. Throws a UserError when keys are missing; the first call throws when they are refused. */
export async function connectAccount(
  { environment, signal }: Pick<CommandContext, 'environment' | 'signal'>,
  say: (text: string) => void,
): Promise<Account> {
  const clock: Clock = {
    now: systemClock.now,
    sleep: (ms, other) => systemClock.sleep(ms, other ? AbortSignal.any([signal, other]) : signal),
  };
  // Loaded here, because the client takes 0.4 s to load.
  const { connectDatadog } = await import('../../monitors/datadog/datadog.ts');
  // CI systems set missing variables to the empty string.
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

/** Runs the work with a connection to Datadog. A signal ends its waits, and the command with the signal's exit code. */
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
