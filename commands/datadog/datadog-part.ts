// What a stress run needs from Datadog, checked before the first request.
import type { Invocation } from '../../model/command-line.ts';
import type { Finding } from '../../model/finding.ts';
import { UserError } from '../../model/user-error.ts';
import type { SourceChoice } from '../../monitors/collectors/source-choice.ts';
import { findMissingReason } from '../../monitors/datadog/pull-missing.ts';
import { checkCanDrill } from '../../monitors/drill/can-drill.ts';
import type { CommandContext } from '../cli/context.ts';
import { type Account, connectAccount } from './datadog-account.ts';
import { checkHost } from './monitor-flags.ts';

export type DatadogPart = Account & {
  /** The target's name in Datadog. */
  readonly host: string;
  readonly publish: boolean;
  readonly mute: boolean;
  readonly drill: boolean;
  /** The build's page in the CI system; undefined outside of CI. */
  readonly buildUrl: string | undefined;
  readonly invocation: Invocation;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by the user's signal. */
  readonly signal: AbortSignal;
  readonly warnings: readonly Finding[];
};

type Flags = Pick<DatadogPart, 'publish' | 'mute' | 'drill'> & { readonly host?: string | undefined };

/** Connects when a flag needs Datadog, else returns undefined. Throws a UserError for refused keys; an unknown host is a warning. */
export async function chooseDatadog(
  argv: Flags,
  sources: readonly SourceChoice[] | undefined,
  context: Pick<CommandContext, 'environment' | 'signal' | 'invocation'>,
  say: (text: string) => void,
): Promise<DatadogPart | undefined> {
  const { publish, mute, drill } = argv;
  const needs = Object.entries({
    '--metrics datadog': sources?.some(({ kind }) => kind === 'datadog') ?? false,
    '--publish': publish,
    '--mute': mute,
    '--drill': drill,
  }).flatMap(([flag, isGiven]) => (isGiven ? [flag] : []));
  if (needs.length === 0) return undefined;
  if (argv.host === undefined)
    throw new UserError(
      `${needs[0]} needs the target's name in Datadog: add --host NAME (on EC2 usually the instance id, i-0abc...)`,
    );
  const host = checkHost(argv.host);
  const account = await connectAccount(context, say);
  const known = await account.datadog.listHosts(host);
  const isKnown = known.some(({ name, aliases }) => name === host || aliases.includes(host));
  const warnings = isKnown ? [] : [await findMissingReason({ datadog: account.datadog, host }, known)];
  for (const { text = '' } of warnings) say(text);
  if (drill) await checkCanDrill(account.datadog, host, context.invocation);
  const { signal, invocation, environment } = context;
  const buildUrl = environment.BUILD_URL || undefined;
  return { ...account, host, publish, mute, drill, buildUrl, signal, invocation, environment, warnings };
}
