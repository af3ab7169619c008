// Thresholds of a user's own, for all hosts, one environment or one host: `monitors.json`.
import * as z from 'zod';
import { didYouMean } from '../../model/nearest.ts';
import { describeIssue, firstIssue, valueAt } from '../../model/schema-mistake.ts';
import { UserError } from '../../model/user-error.ts';
import { definitionProblems } from './check-definitions.ts';
import type { MonitorDefinition } from './definition.ts';

const thresholdsSchema = z.strictObject({
  critical: z.number().optional(),
  /** null: without this threshold. */
  warning: z.number().nullable().optional(),
  criticalRecovery: z.number().nullable().optional(),
  warningRecovery: z.number().nullable().optional(),
});
const byMonitorSchema = z.record(z.string(), thresholdsSchema);
type ByMonitor = z.infer<typeof byMonitorSchema>;

/** Whom the thresholds are for: `env` is undefined where no environment is named. */
type ThresholdScope = { readonly host: string; readonly env: string | undefined };

/**
 * The definitions with the thresholds of `{"KEY": {"critical": N}, "env:NAME": {"KEY": ...}, "host:NAME": {"KEY": ...}}`. The host's
 * come before its environment's, and those before the general ones. Throws a UserError that names every mistake.
 */
export function withThresholds(
  definitions: readonly MonitorDefinition[],
  content: unknown,
  file: string,
  { host, env }: ThresholdScope,
): MonitorDefinition[] {
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new UserError(`${file} must hold an object like {"cpu-user": {"critical": 70}}`);
  const keys = definitions.map(({ key }) => key);
  const isScope = ([name]: [string, unknown]) => /^(env|host):./.test(name);
  const entries = Object.entries(content);
  const general = parse(Object.fromEntries(entries.filter((entry) => !isScope(entry))), keys, file, '');
  const scoped = new Map(
    entries
      .filter(isScope)
      .map(([name, each]): [string, ByMonitor] => [name.toLowerCase(), parse(each, keys, file, `${name}.`)]),
  );
  // Datadog has environments and hosts in lower case.
  const levels = [general, ...[`env:${env}`, `host:${host}`].map((name) => scoped.get(name.toLowerCase()))];
  const changed = definitions.map((definition) => {
    const given = Object.assign({}, ...levels.map((level) => level?.[definition.key]));
    const merged = Object.entries({ ...definition.thresholds, ...given }).filter(([, value]) => value !== null);
    return { ...definition, thresholds: Object.fromEntries(merged) as MonitorDefinition['thresholds'] };
  });
  const problems = definitionProblems(changed).map(({ key, field, why }) => `${file}, ${key}: ${field}: ${why}`);
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return changed;
}

function parse(content: unknown, keys: readonly string[], file: string, path: string): ByMonitor {
  const { data, error } = byMonitorSchema.safeParse(content);
  if (error) {
    const [issue] = error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const where = `${path}${[...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.')}`;
    const names = Object.keys(thresholdsSchema.shape);
    const why =
      unknown === undefined
        ? describeIssue(firstIssue(error.issues), valueAt(content, issue?.path ?? []))
        : `is not a threshold.${didYouMean(unknown, names, ` Use ${names.join(', ')}`)}`;
    throw new UserError(`${file}, ${where}: ${why}`);
  }
  const stranger = Object.keys(data).find((key) => !keys.includes(key));
  if (stranger !== undefined)
    throw new UserError(
      `${file}, ${path}${stranger}: there is no such monitor.${didYouMean(stranger, keys)} Scopes begin with env: or host:`,
    );
  return data;
}
