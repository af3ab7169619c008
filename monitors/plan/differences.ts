// The differences between a wanted monitor and the one that Datadog stores.
import type { StoredMonitor } from '../datadog/records.ts';
import { keptTag } from '../spec/kept-tag.ts';
import type { WantedMonitor } from '../spec/wanted-monitor.ts';

export type Change = { readonly field: string; readonly from: unknown; readonly to: unknown };

/**
 * The default of each option: Datadog adds some of these and drops others. Options that are missing here are newer than this list,
 * never sent, and never a difference.
 */
const optionDefaults: Readonly<Record<string, unknown>> = {
  enableLogsSample: false,
  escalationMessage: '',
  evaluationDelay: 0,
  groupRetentionDuration: null,
  includeTags: true,
  minFailureDuration: 0,
  newGroupDelay: null,
  newHostDelay: 300,
  notificationPresetName: null,
  notifyAudit: false,
  notifyBy: null,
  notifyNoData: false,
  onMissingData: 'default',
  renotifyInterval: 0,
  renotifyOccurrences: null,
  renotifyStatuses: null,
  requireFullWindow: false,
  schedulingOptions: null,
  timeoutH: 0,
};
const thresholdNames = ['critical', 'warning', 'criticalRecovery', 'warningRecovery', 'ok', 'unknown'] as const;

/** The changes that make `stored` equal to `wanted`; empty when it is. */
export function differences(wanted: WantedMonitor, stored: StoredMonitor): Change[] {
  const options: Readonly<Record<string, unknown>> = wanted.options;
  const thresholds = (stored.options.thresholds ?? {}) as Readonly<Record<string, unknown>>;
  const pairs: [field: string, from: unknown, to: unknown][] = [
    ['type', typeFamily(stored.type), typeFamily(wanted.type)],
    ...(['name', 'query', 'message'] as const).map((field): [string, unknown, unknown] => [
      field,
      keptText(stored[field]),
      keptText(wanted[field]),
    ]),
    ['tags', tagSet(stored.tags), tagSet(wanted.tags)],
    ['priority', stored.priority, wanted.priority],
    // Everyone may edit.
    ['restrictedRoles', stored.restrictedRoles, []],
    ...thresholdNames.map((name): [string, unknown, unknown] => [
      `options.thresholds.${name}`,
      thresholds[name] ?? undefined,
      (wanted.options.thresholds as Readonly<Record<string, unknown>>)[name],
    ]),
    ...Object.entries(optionDefaults).map(([name, fallback]): [string, unknown, unknown] => [
      `options.${name}`,
      plainOption(stored.options[name], fallback),
      plainOption(options[name], fallback),
    ]),
  ];
  return pairs
    .filter(([, from, to]) => JSON.stringify(from) !== JSON.stringify(to))
    .map(([field, from, to]) => ({ field, from, to }));
}

/** Two names of one type. Datadog refuses a change to any other type. */
export function typeFamily(type: string): string {
  return type === 'metric alert' ? 'query alert' : type;
}

/** Datadog trims texts; an editor in between may have changed the ends of lines. */
function keptText(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim();
}

/** Each tag once, in an order of its own: theirs has no meaning. */
function tagSet(tags: readonly string[]): string[] {
  return [...new Set(tags.map(keptTag))].sort();
}

function plainOption(value: unknown, fallback: unknown): unknown {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return fallback;
  return value;
}
