// Finds every mistake in the definitions before the first call; Datadog itself says only that a query is invalid.
import { UserError } from '../../model/user-error.ts';
import { compares, type MonitorQuery, parseQuery } from '../query/query.ts';
import { seriesOf } from '../query/query-expression.ts';
import { messageProblems } from './check-message.ts';
import type { MonitorDefinition } from './definition.ts';
import { queryText } from './wanted-monitor.ts';

/** One mistake; `field` is a name of MonitorDefinition. */
export type Problem = { readonly file: string; readonly key: string; readonly field: string; readonly why: string };

/** Throws one UserError with all mistakes of all definitions, each with its file, field and offending part. */
export function checkDefinitions(definitions: readonly MonitorDefinition[]): void {
  const problems = definitionProblems(definitions);
  if (problems.length === 0) return;
  const lines = problems.map(({ file, key, field, why }) => `${file} (${key}), ${field}: ${why}`);
  throw new UserError(
    `${problems.length === 1 ? 'a monitor is' : 'monitors are'} wrongly defined:\n${lines.join('\n')}`,
  );
}

/** All mistakes; empty when there is none. */
export function definitionProblems(definitions: readonly MonitorDefinition[]): Problem[] {
  const seen = new Map<string, string>();
  return definitions.flatMap((definition) => {
    const { key, file } = definition;
    const found: [field: string, why: string][] = [];
    const twin = seen.get(key);
    if (twin !== undefined) found.push(['key', `'${key}' is also the key of ${twin}`]);
    seen.set(key, file);
    if (!/^[a-z][a-z0-9_-]{0,99}$/.test(key)) found.push(['key', `'${key}' must be of a-z, 0-9, - and _`]);
    if (definition.name.trim() === '') found.push(['name', 'is empty']);
    found.push(...queryProblems(definition), ...thresholdProblems(definition), ...otherProblems(definition));
    return found.map(([field, why]) => ({ file, key, field, why }));
  });
}

function queryProblems(definition: MonitorDefinition): [string, string][] {
  let query: MonitorQuery;
  try {
    query = parseQuery(queryText(definition));
  } catch (error) {
    return [['series', (error as Error).message]];
  }
  const all = seriesOf(query.expression);
  const keys = new Set(
    all.flatMap((each) => [...each.groupBy, ...each.scope.tags.map((tag) => tag.split(':')[0] ?? '')]),
  );
  const texts = { name: definition.name, message: definition.message };
  const found = Object.entries(texts).flatMap(([field, text]) =>
    messageProblems(text, keys).map((why): [string, string] => [field, why]),
  );
  if (all.some((each) => each.metric.startsWith('aws.')) && (definition.evaluationDelayS ?? 0) < 900) {
    found.push(['evaluationDelayS', 'aws.* metrics arrive up to 15 minutes late: give 900 or more']);
  }
  return found;
}

function thresholdProblems({ comparator, thresholds }: MonitorDefinition): [string, string][] {
  const { critical, warning, criticalRecovery, warningRecovery } = thresholds;
  const given = Object.entries(thresholds).filter(([, value]) => value !== undefined && !Number.isFinite(value));
  const found = given.map(([name, value]): [string, string] => [`thresholds.${name}`, `${value} is no number`]);
  const direction = comparator.startsWith('<') ? 'above' : 'below';
  // A warning, and a recovery, lie on the quiet side of what they belong to.
  const beyond = (value: number, limit: number) =>
    compares(value, comparator === '>' ? '>=' : comparator === '<' ? '<=' : comparator, limit);
  const check = (name: string, value: number | undefined, limit: number | undefined, limitName: string) => {
    if (value === undefined || limit === undefined || comparator === '==' || comparator === '!=') return;
    if (beyond(value, limit))
      found.push([`thresholds.${name}`, `${value} must be ${direction} ${limitName} (${limit})`]);
  };
  check('warning', warning, critical, 'critical');
  check('criticalRecovery', criticalRecovery, critical, 'critical');
  check('warningRecovery', warningRecovery, warning, 'warning');
  return found;
}

function otherProblems({ recipients, priority, evaluationDelayS, tags }: MonitorDefinition): [string, string][] {
  const found: [string, string][] = [];
  for (const recipient of recipients) {
    if (!/^@\S+$/.test(recipient)) found.push(['recipients', `'${recipient}' must begin with @ and have no blanks`]);
  }
  if (![1, 2, 3, 4, 5].includes(priority)) found.push(['priority', `${priority} is not 1 (highest) to 5`]);
  if (evaluationDelayS !== undefined && !(Number.isInteger(evaluationDelayS) && evaluationDelayS >= 0)) {
    found.push(['evaluationDelayS', `${evaluationDelayS} is no whole number of seconds`]);
  }
  for (const tag of tags) if (!/^\p{L}\S*$/u.test(tag)) found.push(['tags', `'${tag}' is no tag: expected key:value`]);
  return found;
}
