// What follows a series: `.as_count()`, `.as_rate()`, `.rollup(max, 60)`, `.fill(zero)`, `.weighted()`.
import { nearest } from '../../model/nearest.ts';
import { isFunction } from './query-function.ts';

export type RollupMethod = 'avg' | 'sum' | 'min' | 'max' | 'count';

export type Modifier =
  | { readonly name: 'as_count' | 'as_rate' | 'weighted' }
  /** Without a method the default holds, without an interval that of the points. Calendar buckets depend on a time zone. */
  | {
      readonly name: 'rollup';
      readonly method?: RollupMethod;
      readonly intervalS?: number;
      readonly isCalendar: boolean;
    }
  | { readonly name: 'fill'; readonly how: string };

const names = ['as_count', 'as_rate', 'rollup', 'fill', 'weighted'] as const;
const methods = ['avg', 'sum', 'min', 'max', 'count'] as const;
const calendarUnits = ['hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly'] as const;
const fills = ['null', 'zero', 'last', 'linear'] as const;

/** A modifier by its name and the text between its parentheses. Throws an Error that says what Datadog expects. */
export function parseModifier(name: string, text: string): Modifier {
  const args = text.trim() === '' ? [] : text.split(',').map((arg) => arg.trim());
  if (args.includes('')) throw new Error(`an argument of .${name}(${text}) is empty`);
  switch (name) {
    case 'as_count':
    case 'as_rate':
    case 'weighted':
      if (args.length > 0) throw new Error(`.${name}() takes no argument`);
      return { name };
    case 'rollup':
      return parseRollup(args);
    case 'fill':
      return parseFill(args);
    default:
      if (isFunction(name.toLowerCase()))
        throw new Error(`.${name}() is a function: write ${name.toLowerCase()}(...) around the series`);
      throw new Error(`.${name}() is not a modifier. Did you mean .${nearest(name.toLowerCase(), names)}()?`);
  }
}

/** `(max, 60)`, `(max)`, `(60)`, `(sum, daily, 12am, 'Europe/Berlin')`. */
function parseRollup(args: readonly string[]): Modifier {
  const [first, ...others] = args;
  if (first === undefined) throw new Error('.rollup() needs a method, for example .rollup(max, 60)');
  const isInterval = /^[-+\d]/.test(first);
  if (isInterval && others.some((each) => !isZone(each)))
    throw new Error(`.rollup(${args.join(', ')}) has its method behind its interval: write .rollup(max, 60)`);
  const method = isInterval ? undefined : methodOf(first);
  const [interval, ...calendar] = isInterval ? args : others;
  const head = { name: 'rollup' as const, ...(method && { method }) };
  if (interval === undefined) return { ...head, isCalendar: false };
  if (isZone(interval)) throw new Error(`.rollup(${args.join(', ')}) names a time zone without an interval`);
  const wrong = calendar.find((each) => !isZone(each) && !isCalendarStart(each));
  if (wrong !== undefined) throw new Error(`'${wrong}' is neither a time zone nor the begin of a day, week or month`);
  if (/^[a-z]/i.test(interval)) {
    if (!(calendarUnits as readonly string[]).includes(interval))
      throw new Error(
        `'${interval}' is not an interval: give seconds, like 60, or ${nearest(interval.toLowerCase(), calendarUnits)}`,
      );
    return { ...head, isCalendar: true };
  }
  if (!/^\d+$/.test(interval) || Number(interval) < 1)
    throw new Error(`'${interval}' is not an interval: expected a whole number of seconds from 1 on`);
  return { ...head, intervalS: Number(interval), isCalendar: calendar.length > 0 };
}

function methodOf(text: string): RollupMethod {
  const plain = unquoted(text);
  const method = methods.find((each) => each === plain);
  if (method) return method;
  const near = methods.find((each) => each === plain.toLowerCase());
  throw new Error(
    `'${plain}' is not one of avg, sum, min, max, count${near === undefined ? '' : `. Did you mean ${near}?`}`,
  );
}

function parseFill(args: readonly string[]): Modifier {
  const [how, limit, ...more] = args.map(unquoted);
  if (how === undefined || !(fills as readonly string[]).includes(how))
    throw new Error(`.fill(${args.join(', ')}): expected one of null, zero, last, linear`);
  if (more.length > 0 || (limit !== undefined && !/^\d+$/.test(limit)))
    throw new Error(`.fill(${args.join(', ')}): expected a limit in seconds, like .fill(last, 60)`);
  return { name: 'fill', how };
}

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: unquoted(text) }) !== undefined && !/^[-+\d]/.test(unquoted(text));
  } catch {
    // RangeError: no such zone.
    return false;
  }
}

/** `12am`, `14`, `monday`, `1st`. */
function isCalendarStart(text: string): boolean {
  return /^(\d{1,2}(am|pm)|\d{1,2}(st|nd|rd|th)|(mon|tues|wednes|thurs|fri|satur|sun)day)$/i.test(unquoted(text));
}

function unquoted(text: string): string {
  return text.replace(/^'([^']*)'$|^"([^"]*)"$/, '$1$2');
}
