// What is wrong in a profile file, in one sentence with its place.
import { didYouMean } from '../../model/nearest.ts';
import { keysOf, writtenKinds } from '../../model/profile.ts';
import { describeIssue, firstIssue, type Issue, valueAt } from '../../model/schema-mistake.ts';

/** The first mistake. */
export function describeProfileMistake(issues: readonly Issue[], profile: unknown): string {
  const issue = firstIssue(issues);
  return `${issue.path.join('.') || 'the whole'}: ${describe(issue, valueAt(profile, issue.path), profile)}`;
}

function describe(issue: Issue, found: unknown, profile: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = keysOf(issue.path, profile).filter((each) => !Object.hasOwn(found as object, each));
    return `there is no key "${key}".${didYouMean(key, known, ' Remove it')}`;
  }
  if (issue.code !== 'invalid_union') return describeIssue(issue, found);
  if (issue.discriminator === undefined)
    return `must be a number or {"from": ..., "to": ...}, not ${JSON.stringify(found)}`;
  const kinds = new Intl.ListFormat('en', { type: 'disjunction' }).format(writtenKinds);
  return found === undefined
    ? `is missing: give ${kinds}`
    : `${JSON.stringify(found)} is not a kind of stage. Use ${kinds}`;
}
