// Every monitor that headroom keeps for a host. Each other file of this folder is one: its name is the monitor's key.
import { readdirSync } from 'node:fs';
import type { DefineMonitor, MonitorDefinition } from '../spec/definition.ts';

/** What is the same for all monitors of one host. */
type DefinitionContext = Pick<MonitorDefinition, 'recipients' | 'tags'> & {
  /** The host's name in Datadog: on EC2 usually the instance id. */
  readonly host: string;
};

/** The definitions for one host, unchecked, the highest priority first. */
export async function allDefinitions({ host, recipients, tags }: DefinitionContext): Promise<MonitorDefinition[]> {
  const definitions = await Promise.all(
    // In the sources these are .ts files, in the build .js files.
    readdirSync(new URL('.', import.meta.url)).flatMap((name) => {
      const key = /^([^.]+)\.[jt]s$/.exec(name)?.[1];
      return key === undefined || key === 'all' ? [] : [loadDefinition(key, name)];
    }),
  );
  return definitions
    .map(({ key, define }) => ({ key, ...define(host), recipients, tags }))
    .sort((a, b) => a.priority - b.priority || a.key.localeCompare(b.key));
}

async function loadDefinition(key: string, name: string): Promise<{ key: string; define: DefineMonitor }> {
  const module: { default: DefineMonitor } = await import(new URL(name, import.meta.url).href);
  return { key, define: module.default };
}
