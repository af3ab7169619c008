// The flags that the commands with Datadog share.
import { UserError } from '../../model/user-error.ts';
import type { MonitorDefinition } from '../../monitors/spec/definition.ts';
import { inGroup, listFlag, textFlag } from '../cli/flags.ts';

export const hostFlag = textFlag("The host's name in Datadog: on EC2 usually the instance id, like i-0abc.");

/** What goes into each definition. */
export const definitionFlags = inGroup('Start here', {
  host: { ...hostFlag, demandOption: true },
  notify: {
    ...listFlag('Recipient of alerts, like @ops@example.com or @slack-ops (repeatable).'),
    default: [] as string[],
  },
  tag: { ...listFlag('Tag for every monitor, like team:web (repeatable).'), default: [] as string[] },
});

/** The value of --host. It becomes part of queries, so a space, brace or asterisk is a UserError. */
export function checkHost(host: unknown): string {
  if (Array.isArray(host)) throw new UserError('--host was given more than once: give one host');
  if (typeof host === 'string' && isHostName(host)) return host;
  throw new UserError(`--host '${host}' is not a host name: give the name that Datadog shows, like i-0abc`);
}

/** Whether a query may contain this name. */
export function isHostName(host: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}_.:/-]*$/u.test(host);
}

/** headroom's monitors as the flags define them. Throws a UserError for a wrong flag. */
export async function chooseDefinitions(argv: {
  readonly host: string;
  readonly notify?: readonly string[];
  readonly tag?: readonly string[];
}): Promise<MonitorDefinition[]> {
  const { notify: recipients = [], tag: tags = [] } = argv;
  for (const recipient of recipients) {
    if (!/^@\S+$/.test(recipient))
      throw new UserError(`--notify '${recipient}' must start with @, like @ops@example.com or @slack-ops`);
  }
  for (const tag of tags) {
    if (!/^\p{L}[^\s,]*$/u.test(tag)) throw new UserError(`--tag '${tag}' is not a tag: write it like team:web`);
  }
  const { allDefinitions } = await import('../../monitors/definitions/all.ts');
  return allDefinitions({ host: checkHost(argv.host), recipients, tags });
}
