// What stands between the window and the comparison: series, numbers and arithmetic.
import { parseScope, type Scope } from './scope.ts';

export type SpaceAggregation = 'avg' | 'sum' | 'min' | 'max';

export type SeriesExpression = {
  readonly kind: 'series';
  readonly aggregation: SpaceAggregation;
  readonly metric: string;
  readonly scope: Scope;
  readonly groupBy: readonly string[];
  /** `.as_count()`, `.rollup(max, 60)` ... in their order. */
  readonly modifiers: readonly { readonly name: string; readonly args: readonly string[] }[];
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

/** Parses the expression that begins at `from` and ends with the text; what `fail` makes of a mistake is thrown. */
export function parseExpression(text: string, from: number, fail: Fail): Expression {
  let position = from;
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = position;
    const found = sticky.exec(text);
    if (found) position = sticky.lastIndex;
    return found ?? undefined;
  };

  const sum = (): Expression => chain(product, /\s*([+-])\s*/);
  const product = (): Expression => chain(term, /\s*([*/])\s*/);
  const chain = (part: () => Expression, pattern: RegExp): Expression => {
    let left = part();
    for (let found = match(pattern); found; found = match(pattern)) {
      left = { kind: 'binary', operator: found[1] as '+' | '-' | '*' | '/', left, right: part() };
    }
    return left;
  };

  const term = (): Expression => {
    match(/\s*/);
    const number = match(/-?\d+(\.\d+)?/);
    if (number) return { kind: 'number', value: Number(number[0]) };
    if (match(/\(/)) {
      const inner = sum();
      if (!match(/\s*\)/)) throw fail(position, "expected ')'");
      return inner;
    }
    const call = match(/([a-z_][a-z0-9_]*)\(/);
    if (call) return callOf(call[1] ?? '');
    return series();
  };

  const callOf = (name: string): Expression => {
    const args = [sum()];
    const options: string[] = [];
    for (let found = match(/\s*,\s*/); found; found = match(/\s*,\s*/)) {
      const option = match(/'[^']*'|"[^"]*"|[a-z_]+=[^,)]+|-?\d+(\.\d+)?(?=\s*[,)])/);
      if (option) options.push(option[0]);
      else args.push(sum());
    }
    if (!match(/\s*\)/)) throw fail(position, `expected ')' behind the arguments of ${name}`);
    return { kind: 'call', name, args, options };
  };

  const series = (): SeriesExpression => {
    const begin = position;
    const aggregation = match(/([A-Za-z0-9]+):/)?.[1] ?? 'avg';
    if (!['avg', 'sum', 'min', 'max'].includes(aggregation)) {
      throw fail(begin, `'${aggregation}' is none of avg, sum, min, max`);
    }
    const metric = match(/[A-Za-z][\w.]*/)?.[0];
    if (!metric) throw fail(position, 'expected a metric, for example avg:system.cpu.user{host:i-0abc}');
    const scopeAt = position + 1;
    const braces = match(/\{([^{}]*)\}/);
    if (!braces) throw fail(position, `expected a scope behind ${metric}: {*} or {host:NAME}`);
    return {
      kind: 'series',
      aggregation: aggregation as SpaceAggregation,
      metric,
      scope: scopeOf(braces[1] ?? '', scopeAt),
      groupBy: (match(/\s*by\s*\{([^{}]+)\}/)?.[1] ?? '')
        .split(',')
        .map((key) => key.trim())
        .filter((key) => key !== ''),
      modifiers: modifiers(),
    };
  };

  const scopeOf = (scope: string, scopeAt: number): Scope => {
    try {
      return parseScope(scope);
    } catch (error) {
      throw fail(scopeAt, (error as Error).message);
    }
  };

  const modifiers = () => {
    const found: { name: string; args: string[] }[] = [];
    for (let each = match(/\.([a-z_]+)\(([^()]*)\)/); each; each = match(/\.([a-z_]+)\(([^()]*)\)/)) {
      const args = (each[2] ?? '').split(',').map((arg) => arg.trim());
      found.push({ name: each[1] ?? '', args: args.filter((arg) => arg !== '') });
    }
    return found;
  };

  const expression = sum();
  match(/\s*/);
  if (position !== text.length) throw fail(position, `unexpected '${text.slice(position, position + 12)}'`);
  return expression;
}

/** All series of an expression, left to right. */
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
