// The template language of monitor messages: a mistake in it is never refused by Datadog, it is just not replaced.
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

/** What is wrong with a message whose query is grouped by, or scoped to, tags of these keys; empty when nothing is. */
export function messageProblems(message: string, tagKeys: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  for (const [whole, sign, name = ''] of message.matchAll(/\{\{\s*([#/^]?)\s*([^\s}]*)[^}]*\}\}/g)) {
    if (sign === '#' || sign === '^') {
      if (!conditionals.includes(name))
        problems.push(`${whole}: unknown condition, did you mean ${nearest(name, conditionals)}?`);
      open.push(name);
    } else if (sign === '/') {
      const begun = open.pop();
      if (begun !== name) problems.push(`${whole} closes ${begun === undefined ? 'nothing' : `{{#${begun}}}`}`);
    } else problems.push(...variableProblems(whole, name, tagKeys));
  }
  problems.push(...open.map((name) => `{{#${name}}} is never closed: add {{/${name}}}`));
  const rest = message.replace(/\{\{[^{}]*\}\}/g, '');
  if (rest.includes('{{') || rest.includes('}}')) problems.push('{{ and }} do not pair up');
  return problems;
}

function variableProblems(whole: string, name: string, tagKeys: ReadonlySet<string>): string[] {
  const [key = '', ...rest] = name.split('.');
  if (rest.length === 0) {
    return plainVariables.includes(name)
      ? []
      : [`${whole}: unknown variable, did you mean {{${nearest(name, plainVariables)}}}?`];
  }
  return tagKeys.has(key)
    ? []
    : [`${whole}: stays empty, since the query is neither grouped by ${key} nor scoped to one (${key}:NAME)`];
}
