// One variable of a monitor message: whether a metric monitor fills it.
import { nearest } from '../../model/nearest.ts';
import type { MonitorDefinition } from './definition.ts';
import { conditionals, otherMonitorOf, plainVariables } from './message-words.ts';

/** What a monitor has that its message can name. */
export type MessageKeys = {
  /** The keys of the tags that its query is grouped by. */
  readonly groupedBy: ReadonlySet<string>;
  readonly scopedTo: ReadonlySet<string>;
  readonly thresholds: MonitorDefinition['thresholds'];
};

/** A mistake, or with `isWarning` what Datadog accepts and leaves empty. */
export type Remark = { readonly why: string; readonly isWarning?: true };

/** The remarks on a variable; `whole` is the template as written. */
export function variableRemarks(whole: string, name: string, keys: MessageKeys): Remark[] {
  if ((plainVariables as readonly string[]).includes(name)) return unsetRemarks(whole, name, keys);
  const all = new Set([...keys.groupedBy, ...keys.scopedTo]);
  const other = otherMonitorOf(name);
  if (other !== undefined && !all.has(name.split('.')[0] ?? ''))
    return [{ why: `${whole}: only ${other} fill this variable`, isWarning: true }];
  const [, bracketed, plain, field] = /^(?:\[([^\]]+)\]|([^.[\]]+))\.(.+)$/.exec(name) ?? [];
  const key = bracketed ?? plain;
  if (key === undefined || field === undefined)
    return [{ why: `${whole}: unknown variable. ${suggestion(name, all)}` }];
  const dotted = [...all].find((each) => each.includes('.') && bracketed === undefined && name.startsWith(`${each}.`));
  if (dotted !== undefined)
    return [{ why: `${whole}: the key of this tag has a dot. Write {{[${dotted}]${name.slice(dotted.length)}}}` }];
  if (!all.has(key)) {
    const why = `has no value, because the query is neither grouped by ${key} nor scoped to one (${key}:NAME)`;
    return [{ why: `${whole}: ${why}` }];
  }
  if (field === 'name' || (key === 'host' && keys.groupedBy.has(key))) return [];
  // Further tags and facts of a host.
  if (key === 'host')
    return [{ why: `${whole}: only a query that is grouped by host (by {host}) fills this variable`, isWarning: true }];
  return [
    { why: `${whole}: a tag has no ${field}. Did you mean {{${bracketed === undefined ? key : `[${key}]`}.name}}?` },
  ];
}

/** The variables of thresholds that a monitor need not have. */
const optional: Readonly<Record<string, keyof MonitorDefinition['thresholds']>> = {
  warn_threshold: 'warning',
  alert_recovery_threshold: 'criticalRecovery',
  warn_recovery_threshold: 'warningRecovery',
};

function unsetRemarks(whole: string, name: string, { thresholds }: MessageKeys): Remark[] {
  const threshold = optional[name];
  return threshold === undefined || thresholds[threshold] !== undefined
    ? []
    : [{ why: `${whole}: the monitor has no threshold ${threshold}`, isWarning: true }];
}

function suggestion(name: string, keys: ReadonlySet<string>): string {
  const plain = name.toLowerCase();
  if ((conditionals as readonly string[]).includes(plain)) return `Did you mean {{#${plain}}} or {{/${plain}}}?`;
  const names = [...keys].map((key) => (key.includes('.') ? `[${key}].name` : `${key}.name`));
  const own = keys.has(plain) ? names[[...keys].indexOf(plain)] : undefined;
  return `Did you mean {{${own ?? nearest(plain, [...plainVariables, ...names])}}}?`;
}
