// sizing.json of version 1, which held sentences -> version 2, which holds findings.
import { legacyFinding } from '../../model/finding.ts';

type Json = Readonly<Record<string, unknown>>;

/** Returns the value as a version 2 file has it; any other value unchanged, for the schema to judge. Its sentences become legacy findings. */
export function upgradeSizing(value: unknown): unknown {
  if (!isObject(value) || value.schemaVersion !== 1) return value;
  const { told, savesUsdPerMonth: _, traffic, types, predictions, recommendation, nextExperiment, ...kept } = value;
  return {
    ...kept,
    schemaVersion: 2,
    ...renamed(traffic, 'traffic'),
    types: each(types, upgradeType),
    predictions: each(predictions, (one) => ({ ...one, suspects: sentences(one.suspects) })),
    recommendation: sentence(recommendation),
    ...renamed(nextExperiment, 'nextExperiment'),
    ...(isObject(told) && {
      workload: { ...told, ...(isObject(told.traffic) && { traffic: upgradeTraffic(told.traffic) }) },
    }),
  };
}

function upgradeType({ verdictText, throttlesAfter, because, checks, notes, ...kept }: Json): Json {
  return {
    ...kept,
    summary: sentence(verdictText),
    because: sentence(because),
    checks: Array.isArray(checks) ? checks.map((check) => ({ because: sentence(check) })) : checks,
    ...renamed(throttlesAfter, 'timeToThrottle'),
    notes: sentences(notes),
  };
}

function upgradeTraffic({ source, notes, doubt, ...kept }: Json): Json {
  return { ...kept, source: sentence(source), notes: sentences(notes), ...renamed(doubt, 'caveat') };
}

function renamed(value: unknown, name: string): Json {
  return value === undefined ? {} : { [name]: sentence(value) };
}

function sentence(value: unknown): unknown {
  return typeof value === 'string' ? legacyFinding(value) : value;
}

function sentences(value: unknown): unknown {
  return Array.isArray(value) ? value.map(sentence) : value;
}

function each(value: unknown, upgrade: (one: Json) => Json): unknown {
  return Array.isArray(value) ? value.map((one) => (isObject(one) ? upgrade(one) : one)) : value;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
