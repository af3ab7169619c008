// The expression of a query, between window and comparison: series, numbers and arithmetic.
import { argumentMistake, functionMeant, isFunction } from './query-function.ts';
import { type Modifier, parseModifier } from './query-modifier.ts';
import { groupKeys, parseScope, type Scope } from './scope.ts';

export type SpaceAggregation = 'avg' | 'sum' | 'min' | 'max';
/** `p95`, or `count` of the values: of a metric of Datadog's type DISTRIBUTION. */
type DistributionAggregation = 'count' | `p${number}`;

export type SeriesExpression = {
  readonly kind: 'series';
  readonly aggregation: SpaceAggregation | DistributionAggregation;
  readonly metric: string;
  readonly scope: Scope;
  readonly groupBy: readonly string[];
  /** `.as_count()`, `.rollup(max, 60)` ... in order. */
  readonly modifiers: readonly Modifier[];
};
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'binary';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly options: readonly string[];
    }
  | SeriesExpression;

type Fail = (position: number, why: string) => Error;

/** Reads the text from left to right. */
type Reader = {
  position: number;
  readonly fail: Fail;
  /** Moves behind the pattern when it comes next; undefined when it does not. */
  match(pattern: RegExp): RegExpExecArray | undefined;
};

/** Parses the expression from offset `from` to the end of the text. Throws what `fail` returns for a mistake. */
export function parseExpression(text: string, from: number, fail: Fail): Expression {
  const reader: Reader = {
    position: from,
    fail,
    match: (pattern) => {
      const sticky = new RegExp(pattern.source, 'y');
      sticky.lastIndex = reader.position;
      const found = sticky.exec(text);
      if (found) reader.position = sticky.lastIndex;
      return found ?? undefined;
    },
  };
  const expression = parseSum(reader);
  reader.match(/\s*/);
  const { position } = reader;
  if (position !== text.length) throw fail(position, `unexpected '${text.slice(position, position + 12)}'`);
  return expression;
}

function parseSum(reader: Reader): Expression {
  return parseChain(reader, (each) => parseChain(each, parseTerm, /\s*([*/])\s*/), /\s*([+-])\s*/);
}

function parseChain(reader: Reader, parsePart: (reader: Reader) => Expression, operator: RegExp): Expression {
  let left = parsePart(reader);
  for (let found = reader.match(operator); found; found = reader.match(operator)) {
    left = { kind: 'binary', operator: found[1] as '+' | '-' | '*' | '/', left, right: parsePart(reader) };
  }
  return left;
}

function parseTerm(reader: Reader): Expression {
  reader.match(/\s*/);
  const number = reader.match(/-?\d+(\.\d+)?([eE][-+]?\d+)?/);
  if (number) return { kind: 'number', value: Number(number[0]) };
  if (reader.match(/\(/)) {
    const inner = parseSum(reader);
    if (!reader.match(/\s*\)/)) throw reader.fail(reader.position, "expected ')'");
    return inner;
  }
  const call = reader.match(/([a-z_][a-z0-9_]*)\(/);
  return call ? parseCall(reader, call[1] ?? '') : parseSeries(reader);
}

function parseCall(reader: Reader, name: string): Expression {
  const begin = reader.position - name.length - 1;
  const meant = functionMeant(name);
  if (meant !== undefined) throw reader.fail(begin, `${name}() is not a function. Did you mean ${meant}()?`);
  const args = [parseSum(reader)];
  const options: string[] = [];
  while (reader.match(/\s*,\s*/)) {
    const option = reader.match(/'[^']*'|"[^"]*"|[a-z_]+=[^,)]+|-?\d+(\.\d+)?(?=\s*[,)])/);
    const bare = option ? undefined : reader.match(/[a-z]\w*(?=\s*[,)])/i);
    if (bare) throw reader.fail(reader.position - bare[0].length, `put ${bare[0]} in quotation marks: '${bare[0]}'`);
    if (option) options.push(option[0].trim());
    else args.push(parseSum(reader));
  }
  const mistake = argumentMistake(name, options);
  if (mistake !== undefined) throw reader.fail(begin, mistake);
  if (isFunction(name) && args.length > 1)
    throw reader.fail(begin, `${name}() takes one series: use arithmetic within it`);
  if (!reader.match(/\s*\)/)) throw reader.fail(reader.position, `expected ')' after the arguments of ${name}`);
  return { kind: 'call', name, args, options };
}

function parseSeries(reader: Reader): SeriesExpression {
  const begin = reader.position;
  const aggregation = reader.match(/([A-Za-z0-9.]+):/)?.[1] ?? 'avg';
  if (!isSpaceAggregation(aggregation) && !isOfDistribution(aggregation)) {
    throw reader.fail(begin, `'${aggregation}' is not one of avg, sum, min, max`);
  }
  const metric = reader.match(/[A-Za-z][\w.]*/)?.[0];
  if (!metric) throw reader.fail(reader.position, 'expected a metric, for example avg:system.cpu.user{host:i-0abc}');
  const scopeAt = reader.position + 1;
  const braces = reader.match(/\{([^{}]*)\}/);
  if (!braces) throw reader.fail(reader.position, `expected a scope after ${metric}: {*} or {host:NAME}`);
  return {
    kind: 'series',
    aggregation,
    metric,
    scope: pointing(reader, scopeAt, () => parseScope(braces[1] ?? '')),
    groupBy: parseGroups(reader),
    modifiers: parseModifiers(reader),
  };
}

export function isSpaceAggregation(word: string): word is SpaceAggregation {
  return ['avg', 'sum', 'min', 'max'].includes(word);
}

function isOfDistribution(word: string): word is DistributionAggregation {
  return word === 'count' || /^p\d{2}(\.\d+)?$/.test(word);
}

/** `by {host,env}`; empty without it. */
function parseGroups(reader: Reader): string[] {
  const begin = reader.position;
  const found = reader.match(/\s*\w+\s*\{[^{}]*\}|\s+(?:[bB][yY]|per)\b/)?.[0];
  return found === undefined ? [] : pointing(reader, begin + found.search(/\S/), () => groupKeys(found));
}

function parseModifiers(reader: Reader): SeriesExpression['modifiers'] {
  const found: Modifier[] = [];
  for (;;) {
    const begin = reader.position;
    const each = reader.match(/\s*\.\s*(\w+)\s*\(([^()]*)\)/);
    if (!each) return found;
    const [whole, name = '', args = ''] = each;
    found.push(pointing(reader, begin + whole.indexOf('.') + 1, () => parseModifier(name, args)));
  }
}

/** What `parse` returns; its error points at the position. */
function pointing<T>({ fail }: Reader, position: number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw fail(position, (error as Error).message);
  }
}

/** All series of an expression, from left to right. */
export function seriesOf(expression: Expression): SeriesExpression[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'binary':
      return [...seriesOf(expression.left), ...seriesOf(expression.right)];
    case 'call':
      return expression.args.flatMap(seriesOf);
    case 'series':
      return [expression];
  }
}

/** The names of all functions of an expression, the outer ones first. */
export function functionsOf(expression: Expression): string[] {
  if (expression.kind === 'binary') return [expression.left, expression.right].flatMap(functionsOf);
  return expression.kind === 'call' ? [expression.name, ...expression.args.flatMap(functionsOf)] : [];
}

/** Whether a series is counted over the window before arithmetic. */
export function isCounted({ modifiers }: SeriesExpression): boolean {
  return modifiers.some(({ name }) => name === 'as_count');
}
