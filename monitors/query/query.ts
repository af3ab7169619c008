// The query of a metric monitor: `max(last_5m):max:system.cpu.user{host:i-0abc} >= 50`.
import {
  type Expression,
  functionsOf,
  isCounted,
  isSpaceAggregation,
  parseExpression,
  type SpaceAggregation,
  seriesOf,
} from './query-expression.ts';
import { changeExpected, headMistake } from './query-kind.ts';
import { parseShift, parseWindow, type Window } from './query-window.ts';

export type Comparator = '>=' | '<=' | '==' | '!=' | '>' | '<';
/** `percentile` of a metric of Datadog's type DISTRIBUTION. */
type TimeAggregation = SpaceAggregation | 'percentile';

export type MonitorQuery = {
  /** As written. */
  readonly text: string;
  readonly timeAggregation: TimeAggregation;
  readonly window: Window;
  /** Compares with the value `shiftS` before: the difference, absolute or in percent. */
  readonly change?: { readonly kind: 'change' | 'pct_change'; readonly shiftS: number };
  readonly expression: Expression;
  readonly comparator: Comparator;
  readonly threshold: number;
};

/** An invalid query; `position` is the offset of the offending character. */
class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly position: number;
  constructor(text: string, position: number, why: string) {
    super(`${why}\n  ${text}\n  ${' '.repeat(position)}^`);
    this.position = position;
  }
}

/** Parses the query of a metric monitor; throws a QueryError that points at the offending character. */
export function parseQuery(text: string): MonitorQuery {
  const at = <T>(position: number, parse: () => T): T => {
    try {
      return parse();
    } catch (error) {
      if (error instanceof QueryError) throw error;
      throw new QueryError(text, position, (error as Error).message);
    }
  };
  const head = /^\s*(?:(change|pct_change)\(\s*)?(\w+)\(([^()]*)\)(?:\s*,\s*([^()]*)\))?\s*:/.exec(text);
  if (!head) throw new QueryError(text, 0, headMistake(text));
  const [prefix, change, aggregation = '', window = '', shift] = head;
  const windowAt = prefix.indexOf(window, prefix.indexOf(`${aggregation}(`));
  if (!isTimeAggregation(aggregation)) {
    if (/^(pct_)?change$/.test(aggregation)) throw new QueryError(text, 0, changeExpected);
    throw new QueryError(text, prefix.indexOf(aggregation), `'${aggregation}' is not one of avg, sum, min, max`);
  }
  if ((change === undefined) !== (shift === undefined)) {
    throw new QueryError(text, 0, changeExpected);
  }
  const tail = /\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*$/.exec(text);
  if (!tail) {
    throw new QueryError(text, text.length, 'expected a comparison at the end, for example >= 50 (write 0.5, not .5)');
  }
  const fail = (position: number, why: string) => new QueryError(text, position, why);
  const expression = parseExpression(text.slice(0, tail.index), prefix.length, fail);
  if (seriesOf(expression).length === 0) throw fail(prefix.length, 'the query has no metric');
  // https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/
  if (aggregation !== 'sum' && seriesOf(expression).some(isCounted)) {
    throw fail(
      prefix.indexOf(`${aggregation}(`),
      `${aggregation} cannot be used with .as_count(): write sum(${window})`,
    );
  }
  const parsedWindow = at(windowAt, () => parseWindow(window));
  if (parsedWindow.kind === 'next' && !functionsOf(expression).includes('forecast'))
    throw fail(windowAt, `${window} is a window of forecast() alone: write last_...`);
  return {
    text,
    timeAggregation: aggregation,
    window: parsedWindow,
    ...(change !== undefined &&
      shift !== undefined && {
        change: {
          kind: change as 'change' | 'pct_change',
          shiftS: at(prefix.lastIndexOf(shift), () => parseShift(shift)),
        },
      }),
    expression,
    comparator: tail[1] as Comparator,
    threshold: Number(tail[2]),
  };
}

const comparisons: Readonly<Record<Comparator, (value: number, threshold: number) => boolean>> = {
  '>=': (value, threshold) => value >= threshold,
  '<=': (value, threshold) => value <= threshold,
  '==': (value, threshold) => value === threshold,
  '!=': (value, threshold) => value !== threshold,
  '>': (value, threshold) => value > threshold,
  '<': (value, threshold) => value < threshold,
};

/** Whether a value is on the alerting side. */
export function compares(value: number, comparator: Comparator, threshold: number): boolean {
  return comparisons[comparator](value, threshold);
}

function isTimeAggregation(word: string): word is TimeAggregation {
  return isSpaceAggregation(word) || word === 'percentile';
}
