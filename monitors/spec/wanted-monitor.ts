// The monitor that Datadog stores for a definition, in the names of its client.
import { definitionFile, type MonitorDefinition } from './definition.ts';
import { keptTag } from './kept-tag.ts';

export type WantedMonitor = Pick<MonitorDefinition, 'key' | 'name' | 'message' | 'tags' | 'priority'> & {
  readonly type: 'query alert';
  readonly query: string;
  readonly options: {
    readonly thresholds: MonitorDefinition['thresholds'];
    /** Datadog notifies the recipients of changes to the monitor. */
    readonly notifyAudit: boolean;
    readonly includeTags: boolean;
    readonly requireFullWindow: boolean;
    readonly notifyNoData?: false;
    readonly onMissingData?: 'show_and_notify_no_data';
    /** Seconds. */
    readonly evaluationDelay?: number;
  };
};

/** The tag by which headroom finds its own monitors. */
export const ownerTag = 'managed_by:headroom';
const keyPrefix = 'headroom_key:';
const hostPrefix = 'headroom_host:';

/** The host of a monitor as a tag. */
export function hostTag(host: string): string {
  return keptTag(hostPrefix + host);
}

/** Whether a tag would look like headroom's own. */
export function isOwnTag(tag: string): boolean {
  return [keyPrefix, hostPrefix].some((prefix) => tag.toLowerCase().startsWith(prefix));
}

/** The monitor of a checked definition, with texts and tags as Datadog keeps them: what others compare with it, as Terraform does, finds no difference. */
export function wantedMonitor(definition: MonitorDefinition, host: string): WantedMonitor {
  const { key, name, thresholds, recipients, priority, evaluationDelayS } = definition;
  return {
    key,
    name: name.trim(),
    type: 'query alert',
    query: queryText(definition),
    message: [definition.message, recipients.join(' ')]
      .filter((part) => part !== '')
      .join('\n\n')
      .replace(/\r\n?/g, '\n')
      .trim(),
    tags: [...new Set([ownerTag, keyPrefix + key, hostTag(host), ...definition.tags].map(keptTag))],
    priority,
    options: {
      thresholds,
      notifyAudit: true,
      includeTags: true,
      // A host whose agent has just started has no full window; it is monitored nevertheless.
      requireFullWindow: false,
      // Datadog accepts only one of these two options.
      ...(definition.missingData === 'ignore'
        ? { notifyNoData: false as const }
        : { onMissingData: 'show_and_notify_no_data' as const }),
      ...(evaluationDelayS !== undefined && { evaluationDelay: evaluationDelayS }),
    },
  };
}

/** The whole query of a definition. */
export function queryText({ series, comparator, thresholds }: MonitorDefinition): string {
  return `${series} ${comparator} ${decimal(thresholds.critical)}`;
}

/** Without an exponent, which numbers like 1e-7 have as text. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 }) : text;
}

/** The key of a monitor of headroom; undefined for any other monitor. */
export function ownedKey(tags: readonly string[]): string | undefined {
  if (!tags.includes(ownerTag)) return undefined;
  return tags.find((tag) => tag.startsWith(keyPrefix))?.slice(keyPrefix.length);
}

/** Whether a monitor of headroom is about this host: by its host tag, or without one by its query. */
export function isAboutHost(monitor: Pick<WantedMonitor, 'tags' | 'query'>, host: string): boolean {
  const tagged = monitor.tags.find((tag) => tag.startsWith(hostPrefix));
  return tagged === undefined ? monitor.query.includes(`host:${host}}`) : keptTag(tagged) === hostTag(host);
}

/** The monitor in a sentence about a call to Datadog. */
export function describeMonitor({ name, query, key }: Pick<WantedMonitor, 'name' | 'query' | 'key'>): string {
  return `the monitor "${name}" (${definitionFile(key)}) with the query ${query}`;
}
