// What is wrong in a value that a schema refuses: its place, what is expected there, and what was found.
import type { z } from 'zod';

export type Issue = z.core.$ZodIssue;

/** The mistake to name. An unknown key goes before the one that is missing because of it; of two forms the one that was meant counts. */
export function firstIssue(issues: readonly Issue[]): Issue {
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? (issues[0] as Issue);
  // Of several limits the last one is the narrowest.
  const issue = issues.findLast((each) => each.code === first.code && isSamePlace(each, first)) ?? first;
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flatMap((of) => (of.length > 0 ? [firstIssue(of)] : []));
  const meant = inner.find(({ code, path }) => path.length > 0 || !['invalid_type', 'too_small'].includes(code));
  return meant ? { ...meant, path: [...issue.path, ...meant.path] } : issue;
}

function isSamePlace(one: Issue, other: Issue): boolean {
  return one.path.join('.') === other.path.join('.');
}

/** What stands in `value` where an issue is. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

/** `durationS: must be a number, not a string`, about the first mistake in `value`; `whole` stands for the place of the value itself. */
export function describeMistake(issues: readonly Issue[], value: unknown, whole = 'the whole'): string {
  const issue = firstIssue(issues);
  return `${issue.path.join('.') || whole}: ${describeIssue(issue, valueAt(value, issue.path))}`;
}

/** What is expected where `found` is. */
export function describeIssue(issue: Issue, found: unknown): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `there is no key "${issue.keys[0]}"`;
    case 'invalid_type':
      return describeType(issue.expected, found);
    case 'invalid_value':
      return `must be ${either(issue.values.map((each) => JSON.stringify(each)))}, not ${JSON.stringify(found)}`;
    case 'invalid_union':
      return `must be ${either(issue.errors.map(([first]) => expected(first)))}, not ${kindOf(found)}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${size(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${size(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return `${'prefix' in issue ? `must begin with ${JSON.stringify(issue.prefix)}` : `must be ${formats[issue.format] ?? 'of another form'}`}, not ${JSON.stringify(found)}`;
    case 'custom':
      return issue.message;
    default:
      return 'is not what is expected';
  }
}

const formats: Readonly<Record<string, string>> = { datetime: 'a time like 2026-01-31T12:00:00Z', url: 'a URL' };

function describeType(type: string, found: unknown): string {
  if (found === undefined) return `is missing: give ${a(type)}`;
  if (typeof found !== 'number') return `must be ${a(type)}, not ${kindOf(found)}`;
  if (type === 'int') return `must be a whole number, not ${found}`;
  return `must be ${a(type)}, not ${type === 'number' ? 'one that is too large' : kindOf(found)}`;
}

function expected(issue: Issue | undefined): string {
  return issue?.code === 'invalid_type' ? a(issue.expected) : 'another value';
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function kindOf(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  return a(Array.isArray(value) ? 'array' : typeof value);
}

const names: Readonly<Record<string, string>> = { record: 'object', int: 'whole number' };

function a(type: string): string {
  if (type === 'null') return type;
  if (type === 'boolean') return 'true or false';
  const name = names[type] ?? type;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}

function size(limit: number | bigint, origin: string): string {
  if (origin === 'string') return `${limit} ${limit === 1 ? 'character' : 'characters'} long`;
  return origin === 'array' ? `${limit} ${limit === 1 ? 'entry' : 'entries'} long` : String(limit);
}
