// The flags that the commands with Datadog share.
import { existsSync } from 'node:fs';
import { readWholeFile } from '../../loadtest/walks/whole-file.ts';
import { UserError } from '../../model/user-error.ts';
import type { MonitorDefinition } from '../../monitors/spec/definition.ts';
import { isOwnTag } from '../../monitors/spec/wanted-monitor.ts';
import { inGroup, listFlag, textFlag } from '../cli/flags.ts';
import { mergeTags, tagValue, unifiedTags } from './service-tags.ts';

export const hostFlag = textFlag("The host's name in Datadog: on EC2 usually the instance id, like i-0abc.");

/** What goes into each definition. */
export const definitionFlags = inGroup('Start here', {
  host: { ...hostFlag, demandOption: true },
  notify: {
    ...listFlag('Recipient of alerts, like @ops@example.com or @slack-ops (repeatable).'),
    default: [] as string[],
  },
  tag: { ...listFlag('Tag for every monitor, like team:web (repeatable).'), default: [] as string[] },
  thresholds: textFlag(
    'File with thresholds of your own per monitor, host or environment (default: monitors.json, if there).',
  ),
});

/** Read where --thresholds names no other file. */
const thresholdFile = 'monitors.json';

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

/**
 * headroom's monitors as the flags, the tags of the environment (DD_SERVICE, DD_ENV, DD_TAGS) and monitors.json define them. Throws a
 * UserError for a wrong flag or threshold.
 */
export async function chooseDefinitions(
  argv: {
    readonly host: string;
    readonly notify?: readonly string[];
    readonly tag?: readonly string[];
    readonly thresholds?: string | undefined;
  },
  environment: NodeJS.ProcessEnv = {},
): Promise<MonitorDefinition[]> {
  const { notify: recipients = [], tag = [], thresholds } = argv;
  for (const recipient of recipients) {
    if (!/^@\S+$/.test(recipient))
      throw new UserError(`--notify '${recipient}' must start with @, like @ops@example.com or @slack-ops`);
  }
  for (const each of tag) {
    if (!/^\p{L}[^\s,]*$/u.test(each)) throw new UserError(`--tag '${each}' is not a tag: write it like team:web`);
    if (isOwnTag(each)) throw new UserError(`--tag ${each}: headroom sets this tag itself. Choose another key`);
  }
  // A monitor outlives versions: with that tag, each deployment would change every monitor.
  const tags = mergeTags(
    unifiedTags(environment).filter((each) => !each.startsWith('version:') && !isOwnTag(each)),
    tag,
  );
  const host = checkHost(argv.host);
  const { allDefinitions } = await import('../../monitors/definitions/all.ts');
  const definitions = await allDefinitions({ host, recipients, tags });
  if (thresholds === undefined && !existsSync(thresholdFile)) return definitions;
  const file = thresholds ?? thresholdFile;
  const { withThresholds } = await import('../../monitors/spec/threshold-file.ts');
  return withThresholds(definitions, readJson(file), file, { host, env: tagValue(tags, 'env') });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readWholeFile(file).toString());
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UserError(
      code === undefined
        ? `${file} is not JSON: ${message}`
        : `--thresholds ${file} cannot be read (${code}): check the path`,
      { cause },
    );
  }
}
