// `--metrics`: the sources of host metrics of a run.
import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import type { KeptAwake } from './kept-awake.ts';
import type { LocalApp, NamedProcesses } from './linux-reader.ts';
import { startLocalSource } from './local.ts';
import { startNodeExporterSource } from './node-exporter.ts';

export type SourceChoice =
  | { readonly kind: 'local' }
  /** Pulled after the run: see datadog/source.ts. */
  | { readonly kind: 'datadog' }
  | { readonly kind: 'node-exporter'; readonly url: string };

/** Parses a comma-separated list of `local`, `datadog` and `node-exporter=URL`, or `none`. Thresholds are judged by the first source. */
export function parseSources(text: string): SourceChoice[] {
  const words = text.split(',').map((word) => word.trim());
  const choices = words.flatMap((word): SourceChoice[] => {
    if (word === 'none') return [];
    if (word === 'local' || word === 'datadog') return [{ kind: word }];
    const [, url] = /^node-exporter=(.+)$/.exec(word) ?? [];
    if (url && /^\w+:\/\/[^/?#]*@/.test(url))
      throw new UserError(
        '--metrics node-exporter: the address contains a user or password, which would not be sent. Remove it',
      );
    if (url) return [{ kind: 'node-exporter', url }];
    throw new UserError(
      `--metrics ${word}: unknown source. Use local, datadog, node-exporter=http://HOST:9100 or none`,
    );
  });
  if (words.includes('none') && words.length > 1)
    throw new UserError(`--metrics ${text}: none cannot be combined with a source`);
  const twice = choices.find(({ kind }, index) => choices.findIndex((each) => each.kind === kind) !== index);
  if (twice) throw new UserError(`--metrics ${text}: ${twice.kind} is given twice`);
  return choices;
}

/** Starts the sources that sample during the run. Throws a UserError when a node_exporter does not answer. */
export async function startSources(
  choices: readonly SourceChoice[],
  options: {
    readonly onSample: (line: HostLine) => void;
    readonly onGap?: (why: string) => void;
    readonly app?: LocalApp | undefined;
    readonly beside?: NamedProcesses | undefined;
    readonly awake?: KeptAwake | undefined;
  },
): Promise<{ stop(): Promise<void> }> {
  const { onSample, onGap, app, beside, awake } = options;
  const exporter = choices.find((choice) => choice.kind === 'node-exporter');
  const sources = [
    ...(exporter ? [await startNodeExporterSource({ url: exporter.url, onSample, ...(onGap && { onGap }) })] : []),
    ...(choices.some(({ kind }) => kind === 'local') ? [startLocalSource({ onSample, app, beside, awake })] : []),
  ];
  return {
    stop: async () => {
      await Promise.all(sources.map((source) => source.stop()));
    },
  };
}
