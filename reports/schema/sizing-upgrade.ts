// sizing.json of version 1, which held sentences -> version 2, which holds findings.
import { legacyFinding } from '../../model/finding.ts';

const renamed: Readonly<Record<string, string>> = {
  told: 'workload',
  verdictText: 'summary',
  throttlesAfter: 'timeToThrottle',
  doubt: 'caveat',
};
/** Keys whose sentences are findings in version 2. */
const findings: ReadonlySet<string> = new Set([
  ...['traffic', 'source', 'caveat', 'notes', 'summary', 'because', 'timeToThrottle', 'suspects', 'recommendation'],
  'nextExperiment',
]);

/** Returns the value as a version 2 file has it; any other value unchanged, for the schema to judge. Its sentences become legacy findings. */
export function upgradeSizing(value: unknown): unknown {
  const isFirst = typeof value === 'object' && value !== null && 'schemaVersion' in value && value.schemaVersion === 1;
  return isFirst ? { ...(upgrade(value, '') as object), schemaVersion: 2 } : value;
}

function upgrade(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((each) => upgrade(each, key));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, each]) => [renamed[name] ?? name, each] as const);
    return Object.fromEntries(entries.map(([name, each]) => [name, upgrade(each, name)]));
  }
  if (typeof value !== 'string') return value;
  if (key === 'checks') return { because: legacyFinding(value) };
  return findings.has(key) ? legacyFinding(value) : value;
}
