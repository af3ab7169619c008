// `--metrics`: which sources a run has, by the words of the command line.
import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import type { KeptAwake } from './kept-awake.ts';
import type { LocalApp } from './linux-reader.ts';
import { startLocalSource } from './local.ts';
import { startNodeExporterSource } from './node-exporter.ts';

export type SourceChoice =
  | { readonly kind: 'local' }
  /** Pulled when the run is over: see datadog-source.ts. */
  | { readonly kind: 'datadog' }
  | { readonly kind: 'node-exporter'; readonly url: string };

/** Parses `local`, `datadog`, `node-exporter=URL` or `none`; several stand behind commas, and the first is the one that judges. */
export function parseSources(text: string): SourceChoice[] {
  const words = text.split(',').map((word) => word.trim());
  const choices = words.flatMap((word): SourceChoice[] => {
    if (word === 'none') return [];
    if (word === 'local' || word === 'datadog') return [{ kind: word }];
    const [, url] = /^node-exporter=(.+)$/.exec(word) ?? [];
    if (url && /^\w+:\/\/[^/?#]*@/.test(url))
      throw new UserError(
        '--metrics node-exporter: its address holds a user or a password, which is not sent: leave them out',
      );
    if (url) return [{ kind: 'node-exporter', url }];
    throw new UserError(`--metrics ${word} is no source: give local, datadog, node-exporter=http://HOST:9100 or none`);
  });
  if (words.includes('none') && words.length > 1)
    throw new UserError(`--metrics ${text}: none goes with no other source`);
  const twice = choices.find(({ kind }, index) => choices.findIndex((each) => each.kind === kind) !== index);
  if (twice) throw new UserError(`--metrics ${text}: ${twice.kind} is named twice`);
  return choices;
}

/** Starts those that sample while the run goes. A node exporter that does not answer is a UserError, before any load. */
export async function startSources(
  choices: readonly SourceChoice[],
  options: {
    readonly onSample: (line: HostLine) => void;
    readonly onGap?: (why: string) => void;
    readonly app?: LocalApp | undefined;
    readonly awake?: KeptAwake | undefined;
  },
): Promise<{ stop(): Promise<void> }> {
  const { onSample, onGap, app, awake } = options;
  const exporter = choices.find((choice) => choice.kind === 'node-exporter');
  const sources = [
    ...(exporter ? [await startNodeExporterSource({ url: exporter.url, onSample, ...(onGap && { onGap }) })] : []),
    ...(choices.some(({ kind }) => kind === 'local') ? [startLocalSource({ onSample, app, awake })] : []),
  ];
  return {
    stop: async () => {
      await Promise.all(sources.map((source) => source.stop()));
    },
  };
}
