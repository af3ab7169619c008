// The helpers of monitor messages: eval, local_time, urlencode, override_priority, and the arguments of conditions.
import { mistyped, nearest } from '../../model/nearest.ts';
import { type MessageKeys, type Remark, variableRemarks } from './message-variable.ts';
import { evalFunctions, times } from './message-words.ts';

/** The arguments of a template: quoted texts, expressions in parentheses, words. */
export function argumentsOf(text: string): string[] {
  return text.match(/"[^"]*"|'[^']*'|\((?:"[^"]*"|'[^']*'|[^()"'])*\)|[^\s()"']+/g) ?? [];
}

/** The remarks on `{{NAME args}}`, where NAME is a helper. */
export function helperRemarks(whole: string, name: string, args: readonly string[], keys: MessageKeys): Remark[] {
  if (name === 'override_priority') return priorityRemarks(whole, args);
  const texts = args.map(unquoted);
  const [first, second, ...more] = texts;
  const expected = name === 'local_time' ? 2 : 1;
  if (texts.includes(undefined) || texts.length !== expected || first === undefined || more.length > 0)
    return [{ why: `${whole}: expected ${expectations[name]}` }];
  if (name === 'eval') return evalRemarks(whole, first, keys);
  if (name === 'urlencode') return variableRemarks(whole, first, keys);
  const found: Remark[] = [];
  if (!times.some((each) => each === first))
    found.push({ why: `${whole}: '${first}' is not a time. Did you mean '${nearest(first, times)}'?` });
  if (!isZone(second ?? ''))
    found.push({
      why: `${whole}: '${second}' is not a time zone. Did you mean '${nearest(second ?? '', Intl.supportedValuesOf('timeZone'))}'?`,
    });
  return found;
}

const expectations: Readonly<Record<string, string>> = {
  eval: 'one expression in quotation marks, like {{eval "int(value)"}}',
  urlencode: 'one variable in quotation marks, like {{urlencode "host.name"}}',
  local_time: "a time and a time zone in quotation marks, like {{local_time 'last_triggered_at' 'Europe/Berlin'}}",
};

/** The remarks on the arguments of `{{#NAME args}}`. */
export function conditionRemarks(whole: string, name: string, args: readonly string[], keys: MessageKeys): Remark[] {
  if (name === 'is_priority') return priorityRemarks(whole, args);
  if (name !== 'is_match' && name !== 'is_exact_match')
    return args.length === 0 ? [] : [{ why: `${whole}: ${name} takes no argument` }];
  const [subject = '', ...compared] = args;
  if (compared.length === 0)
    return [{ why: `${whole}: expected a variable and a text, like {{#${name} "host.name" "prod"}}` }];
  const [, expression] = /^\(\s*eval\s+(.*?)\s*\)$/.exec(subject) ?? [];
  if (expression !== undefined) return helperRemarks(whole, 'eval', [expression], keys);
  const variable = unquoted(subject);
  // A number needs no quotation marks.
  const isText = (each: string) => unquoted(each) !== undefined || /^-?\d+(\.\d+)?$/.test(each);
  if (variable === undefined || !compared.every(isText))
    return [{ why: `${whole}: put its arguments in quotation marks, like {{#${name} "host.name" "prod"}}` }];
  if (variable.includes('{{'))
    return [{ why: `${whole}: write the variable without braces, like {{#${name} "host.name" "prod"}}` }];
  // Datadog's own examples compare a bare key too. A variable without a value matches nothing, and stops nothing.
  if (keys.groupedBy.has(variable) || keys.scopedTo.has(variable)) return [];
  return variableRemarks(whole, variable, keys).map(({ why }) => ({ why, isWarning: true }));
}

function priorityRemarks(whole: string, args: readonly string[]): Remark[] {
  const isPriority = args.length === 1 && /^P[1-5]$/.test(unquoted(args[0] ?? '') ?? '');
  return isPriority ? [] : [{ why: `${whole}: expected a priority from 'P1' to 'P5'` }];
}

function evalRemarks(whole: string, expression: string, keys: MessageKeys): Remark[] {
  const found: Remark[] = [];
  let depth = 0;
  for (const sign of expression.replace(/[^()]/g, '')) {
    depth += sign === '(' ? 1 : -1;
    if (depth < 0) break;
  }
  if (depth !== 0) found.push({ why: `${whole}: its parentheses are not balanced` });
  const words = expression
    .replace(/'[^']*'/g, '')
    .matchAll(/(?<![\w.\]])(\[[^\]]+\][\w.]*|[A-Za-z_@][\w.@]*)(\s*\()?/g);
  for (const [, word = '', call] of words) {
    if (call === undefined) found.push(...variableRemarks(whole, word, keys));
    else if (!evalFunctions.includes(word)) {
      const near = mistyped(word, evalFunctions);
      const why = `${whole}: ${word}() is not a function that Datadog documents`;
      found.push(near === undefined ? { why, isWarning: true } : { why: `${why}. Did you mean ${near}()?` });
    }
  }
  return found;
}

function unquoted(text: string): string | undefined {
  const [, double, single] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text) ?? [];
  return double ?? single;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // RangeError: no such zone.
    return false;
  }
}
