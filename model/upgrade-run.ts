// Records of schemaVersion 1 held sentences where findings are now.
import { legacyFinding } from './finding.ts';
import { isJsonObject } from './json-object.ts';

type Fields = Record<string, unknown>;

const finding = (value: unknown): unknown => (typeof value === 'string' ? legacyFinding(value) : value);
const findings = (value: unknown): unknown => (Array.isArray(value) ? value.map(finding) : value);

/** Copies `from` with `change` applied to those of its keys that are there. */
function changed(from: Fields, change: Readonly<Record<string, (value: unknown) => unknown>>): Fields {
  const changes = Object.entries(change).filter(([key]) => key in from);
  return { ...from, ...Object.fromEntries(changes.map(([key, to]) => [key, to(from[key])])) };
}

const eachOf = (to: (fields: Fields) => Fields) => (value: unknown) =>
  Array.isArray(value) ? value.map((each) => (isJsonObject(each) ? to(each) : each)) : value;
const inside = (to: (fields: Fields) => Fields) => (value: unknown) => (isJsonObject(value) ? to(value) : value);

/** A probe said in one sentence why it did not hold, in an empty one that it did. */
function upgradeProbe({ why, ...probe }: Fields): Fields {
  if (typeof why !== 'string') return why === undefined ? probe : { ...probe, why };
  return { ...probe, reasons: why === '' ? [] : [legacyFinding(why)] };
}

/** The content of a run.json as schemaVersion 2; what is not a record of version 1 comes back as it is, for the schema to judge. */
export function upgradeRun(value: unknown): unknown {
  if (!isJsonObject(value) || value.schemaVersion !== 1) return value;
  const stage = (each: Fields) =>
    changed(each, { aborted: finding, steady: inside((steady) => changed(steady, { reason: finding })) });
  return {
    ...changed(value, {
      statusReason: finding,
      warnings: findings,
      validity: inside((validity) => changed(validity, { reasons: findings })),
      stages: eachOf(stage),
      capacity: inside((capacity) => changed(capacity, { probes: eachOf(upgradeProbe) })),
    }),
    schemaVersion: 2,
  };
}

/** A monitor that fired before the first breaching sample had a negative time; it is absent now. */
const withoutNegative = ({ firedAfterS, recoveredAfterS, ...rest }: Fields): Fields => ({
  ...rest,
  ...(typeof firedAfterS === 'number' && firedAfterS >= 0 && { firedAfterS }),
  ...(typeof recoveredAfterS === 'number' && recoveredAfterS >= 0 && { recoveredAfterS }),
});

/** The content of an alarms.json as schemaVersion 2; what is not of version 1 comes back as it is, for the schema to judge. */
export function upgradeAlarms(value: unknown): unknown {
  if (!isJsonObject(value) || value.schemaVersion !== 1) return value;
  const backtested = (each: Fields) =>
    changed(each, {
      noData: finding,
      transitions: eachOf((transition) => changed(transition, { why: finding })),
      sweep: inside((sweep) => changed(sweep, { why: finding })),
    });
  const drilled = (each: Fields) => withoutNegative(changed(each, { reason: finding }));
  return {
    ...changed(value, {
      backtest: eachOf(backtested),
      drill: inside((drill) => changed(drill, { monitors: eachOf(drilled), warnings: findings })),
    }),
    schemaVersion: 2,
  };
}

/** A line of seconds.jsonl: the end of a stage held its reason as a sentence. */
export function upgradeLine(value: unknown): unknown {
  return isJsonObject(value) && value.kind === 'stage-end' ? changed(value, { aborted: finding }) : value;
}
