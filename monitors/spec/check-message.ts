// The template language of monitor messages. Datadog does not report a mistake in it; it leaves the template in the message.
import { nearest } from '../../model/nearest.ts';

const conditionals = [
  'is_alert',
  'is_warning',
  'is_no_data',
  'is_recovery',
  'is_alert_recovery',
  'is_warning_recovery',
  'is_no_data_recovery',
  'is_alert_to_warning',
  'is_renotify',
  'is_unknown',
  'is_priority',
  'is_match',
  'is_exact_match',
];
const plainVariables = [
  'value',
  'threshold',
  'warn_threshold',
  'ok_threshold',
  'comparator',
  'first_triggered_at',
  'first_triggered_at_epoch',
  'last_triggered_at',
  'last_triggered_at_epoch',
  'triggered_duration_sec',
  'override_priority',
];

/** The mistakes in a message; `tagKeys` are the keys of the tags that its query is grouped by or scoped to. */
export function messageProblems(message: string, tagKeys: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  for (const [whole, sign, name = ''] of message.matchAll(/\{\{\s*([#/^]?)\s*([^\s}]*)[^}]*\}\}/g)) {
    if (sign === '#' || sign === '^') {
      if (!conditionals.includes(name))
        problems.push(`${whole}: unknown condition. Did you mean ${nearest(name, conditionals)}?`);
      open.push(name);
    } else if (sign === '/') {
      const begun = open.pop();
      if (begun !== name) problems.push(`${whole} closes ${begun === undefined ? 'nothing' : `{{#${begun}}}`}`);
    } else problems.push(...variableProblems(whole, name, tagKeys));
  }
  problems.push(...open.map((name) => `{{#${name}}} is not closed: add {{/${name}}}`));
  const rest = message.replace(/\{\{[^{}]*\}\}/g, '');
  if (rest.includes('{{') || rest.includes('}}')) problems.push('{{ and }} are not balanced');
  return problems;
}

function variableProblems(whole: string, name: string, tagKeys: ReadonlySet<string>): string[] {
  const [key = '', ...rest] = name.split('.');
  if (rest.length === 0) {
    return plainVariables.includes(name)
      ? []
      : [`${whole}: unknown variable. Did you mean {{${nearest(name, plainVariables)}}}?`];
  }
  return tagKeys.has(key)
    ? []
    : [`${whole}: has no value, because the query is neither grouped by ${key} nor scoped to one (${key}:NAME)`];
}
