// What is wrong in a profile file, in one sentence with its place.
import type { z } from 'zod';
import { didYouMean } from '../../model/nearest.ts';
import { profileKeys } from '../../model/profile.ts';

type Issue = z.core.$ZodIssue;

/** The first mistake. An unknown key goes before the one that is missing because of it. */
export function describeMistake(issues: readonly Issue[], profile: unknown): string {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? (issues[0] as Issue);
  return `${issue.path.join('.') || 'the whole'}: ${describeIssue(issue, at(profile, issue.path))}`;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

function describeIssue(issue: Issue, found: unknown): string {
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [key = ''] = issue.keys;
      const known = profileKeys.filter((each) => !Object.hasOwn(found as object, each));
      return `there is no key "${key}".${didYouMean(key, known, ' Remove it')}`;
    }
    case 'invalid_type':
      return found === undefined
        ? `is missing: give ${a(issue.expected)}`
        : `must be ${a(issue.expected)}, not ${a(kindOf(found))}`;
    case 'invalid_value':
      return `must be ${issue.values.map((each) => JSON.stringify(each)).join(' or ')}, not ${JSON.stringify(found)}`;
    case 'invalid_union':
      return issue.discriminator === undefined
        ? `must be a number or {"from": ..., "to": ...}, not ${JSON.stringify(found)}`
        : `${JSON.stringify(found)} is not a kind of stage. Use idle, closed, open, ladder or capacity`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${size(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${size(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return `must begin with ${JSON.stringify('prefix' in issue ? issue.prefix : issue.format)}, not ${JSON.stringify(found)}`;
    default:
      return issue.message;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function a(kind: string): string {
  if (kind === 'null') return kind;
  return kind === 'record' ? 'an object' : `${/^[aio]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function size(limit: number | bigint, origin: string): string {
  if (origin === 'string') return `${limit} characters long`;
  return origin === 'array' ? `${limit} ${limit === 1 ? 'entry' : 'entries'} long` : String(limit);
}
