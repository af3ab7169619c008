// Finds every mistake in the definitions before the first call; Datadog only answers that a query is invalid.
import type { Finding } from '../../model/finding.ts';
import { UserError } from '../../model/user-error.ts';
import { monitorFinding } from '../messages.ts';
import { compares, type MonitorQuery, parseQuery } from '../query/query.ts';
import { functionsOf, seriesOf } from '../query/query-expression.ts';
import { isFunction } from '../query/query-function.ts';
import { messageRemarks } from './check-message.ts';
import { definitionFile, type MonitorDefinition } from './definition.ts';
import { shapeProblems } from './definition-shape.ts';
import type { Remark } from './message-variable.ts';
import { queryText } from './wanted-monitor.ts';

/** One mistake; `field` is a name of MonitorDefinition. */
type Problem = { readonly key: string; readonly field: string; readonly why: string };

/**
 * Throws one UserError with all mistakes of all definitions, each with its file, field and offending part. Returns the warnings: what
 * Datadog accepts and leaves empty.
 */
export function checkDefinitions(definitions: readonly MonitorDefinition[]): Finding[] {
  const problems = definitionProblems(definitions);
  if (problems.length > 0) {
    const lines = problems.map(({ key, field, why }) => `${definitionFile(key)}, ${field}: ${why}`);
    throw new UserError(`invalid monitor definitions:\n${lines.join('\n')}`);
  }
  return definitions.flatMap((definition) => {
    const query = parseQuery(queryText(definition));
    const file = definitionFile(definition.key);
    return [
      ...functionsOf(query.expression)
        .filter((name) => !isFunction(name))
        .map((name) => monitorFinding('function-unknown', { file, name })),
      ...remarksOf(definition, query).flatMap(({ field, why, isWarning }) =>
        isWarning ? [monitorFinding('message-variable-empty', { file, field, why })] : [],
      ),
    ];
  });
}

/** All mistakes; empty when there is none. */
export function definitionProblems(definitions: readonly MonitorDefinition[]): Problem[] {
  return definitions.flatMap((definition) =>
    problemsOf(definition).map(([field, why]) => ({ key: definition.key, field, why })),
  );
}

function problemsOf(definition: MonitorDefinition): FieldProblem[] {
  const wrong = shapeProblems(definition);
  if (wrong.length > 0) return wrong;
  return [keyProblems, queryProblems, thresholdProblems, otherProblems].flatMap((check) => check(definition));
}

type FieldProblem = [field: string, why: string];

function keyProblems({ key, name }: MonitorDefinition): FieldProblem[] {
  const found: FieldProblem[] = [];
  if (!/^[a-z][a-z0-9_-]{0,99}$/.test(key)) found.push(['key', `'${key}' may contain only a-z, 0-9, - and _`]);
  if (name.trim() === '') found.push(['name', 'is empty']);
  return found;
}

function queryProblems(definition: MonitorDefinition): FieldProblem[] {
  let query: MonitorQuery;
  try {
    query = parseQuery(queryText(definition));
  } catch (error) {
    return [['series', (error as Error).message]];
  }
  const found = remarksOf(definition, query).flatMap(({ field, why, isWarning }): FieldProblem[] =>
    isWarning ? [] : [[field, why]],
  );
  if (
    seriesOf(query.expression).some((each) => each.metric.startsWith('aws.')) &&
    (definition.evaluationDelayS ?? 0) < 900
  ) {
    found.push(['evaluationDelayS', 'aws.* metrics arrive up to 15 minutes late: set 900 or more']);
  }
  return found;
}

/** The remarks on the texts in which templates may stand. */
function remarksOf(
  { name, message, thresholds }: MonitorDefinition,
  query: MonitorQuery,
): (Remark & { readonly field: string })[] {
  const all = seriesOf(query.expression);
  const keys = {
    groupedBy: new Set(all.flatMap(({ groupBy }) => groupBy)),
    scopedTo: new Set(all.flatMap(({ scope }) => scope.tags.map((tag) => tag.split(':')[0] ?? ''))),
    thresholds,
  };
  return Object.entries({ name, message }).flatMap(([field, text]) =>
    messageRemarks(text, keys).map((remark) => ({ ...remark, field })),
  );
}

function thresholdProblems({ comparator, thresholds }: MonitorDefinition): FieldProblem[] {
  const { critical, warning, criticalRecovery, warningRecovery } = thresholds;
  const found: FieldProblem[] = [];
  const direction = comparator.startsWith('<') ? 'above' : 'below';
  // A warning or recovery threshold lies on the OK side of the threshold that it belongs to.
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
  if (warningRecovery !== undefined && warning === undefined)
    found.push(['thresholds.warningRecovery', 'needs a warning threshold']);
  return found;
}

function otherProblems({ recipients, evaluationDelayS, tags }: MonitorDefinition): FieldProblem[] {
  const found: FieldProblem[] = [];
  for (const recipient of recipients) {
    if (!/^@\S+$/.test(recipient)) found.push(['recipients', `'${recipient}' must start with @ and contain no spaces`]);
  }
  if (evaluationDelayS !== undefined && !(Number.isInteger(evaluationDelayS) && evaluationDelayS >= 0)) {
    found.push(['evaluationDelayS', `${evaluationDelayS} is not a whole number of seconds`]);
  }
  for (const tag of tags)
    if (!/^\p{L}\S*$/u.test(tag)) found.push(['tags', `'${tag}' is not a tag: expected key:value`]);
  return found;
}
