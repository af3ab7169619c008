// Datadog's unified service tags, from the variables that its agents and tracers read too.
// https://docs.datadoghq.com/getting_started/tagging/unified_service_tagging/
import type { RunRecord } from '../../model/run-record.ts';
import type { PublishedRun } from '../../monitors/datadog/publish.ts';

/** `service`, `env` and `version` from DD_SERVICE, DD_ENV and DD_VERSION, and all of DD_TAGS (`team:web,cost:7`). */
export function unifiedTags({ DD_SERVICE, DD_ENV, DD_VERSION, DD_TAGS }: NodeJS.ProcessEnv): string[] {
  const own = Object.entries({ service: DD_SERVICE, env: DD_ENV, version: DD_VERSION });
  const given = own.flatMap(([key, value]) => (value ? [`${key}:${value}`] : []));
  return mergeTags((DD_TAGS ?? '').split(/[\s,]+/).filter(Boolean), given);
}

/** What is published of a run, with these tags and the version of the commit. */
export function publishedRun(
  { id, profile, target }: RunRecord,
  host: string,
  environment: NodeJS.ProcessEnv,
): PublishedRun {
  const { instanceType, commit } = target;
  const tags = mergeTags(commit === undefined ? [] : [`version:${commit}`], unifiedTags(environment));
  return { id, profile: profile.name, host, tags, ...(instanceType !== undefined && { instanceType }) };
}

/** The variables of tags alone: a run keeps no keys. */
export function tagVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DD_SERVICE, DD_ENV, DD_VERSION, DD_TAGS } = environment;
  return { DD_SERVICE, DD_ENV, DD_VERSION, DD_TAGS };
}

/** All tags; those of `first` give way to tags of the same key in `second`. */
export function mergeTags(first: readonly string[], second: readonly string[]): string[] {
  const taken = new Set(second.map(keyOf));
  return [...first.filter((tag) => !taken.has(keyOf(tag))), ...second];
}

/** The value of the tag with this key; undefined when there is none. */
export function tagValue(tags: readonly string[], key: string): string | undefined {
  return tags.find((tag) => keyOf(tag) === key)?.slice(key.length + 1);
}

function keyOf(tag: string): string {
  return tag.split(':')[0] ?? '';
}
