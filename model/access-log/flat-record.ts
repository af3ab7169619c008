// A record with objects in it as one list of values, whatever the case and the dashes of its names.
import { isJsonObject } from '../json-object.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** Finds values by names like `status` or `request.method`. */
export type FlatRecord = {
  /** The first that `read` understands: names of the record itself come before those of objects in it, in the order of `names`. */
  readonly find: <T>(names: readonly string[], read: (value: unknown) => T | undefined) => T | undefined;
};

const [deepest, mostValues] = [6, 300];
/** They have paths, statuses and times of something else. */
const otherThings =
  /^(?:(?:req(?:uest)?|resp?(?:onse)?)?headers?|file|error|err|user|tls|ssl|upstream|origin|agent|geo|host|cookies?|kubernetes|container)$/;

/** A name without case, dashes and the like: `status_code`, `statusCode` and `StatusCode` are one. Dots stay. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9.]/g, '');
}

/** The values of records with the same keys have the same places. */
export type Plan = {
  /** Names of the values, those of an object in the record as `outer.inner`. */
  readonly places: readonly { readonly name: string; readonly depth: number }[];
  /** Places to look at, by the list of names that is asked for. */
  readonly found: Map<readonly string[], readonly number[]>;
};

/** Most logs have few kinds of records: names are compared once for each. */
const plans = new Map<string, Plan>();
const mostPlans = 1000;
const hidden = new Map<string, boolean>();

/** Whether objects of this name are not looked into. */
export function isHidden(key: string): boolean {
  const known = hidden.get(key);
  if (known !== undefined) return known;
  const found = otherThings.test(plainName(key));
  if (hidden.size < mostPlans) hidden.set(key, found);
  return found;
}

/** Adds all values, and returns which keys they have. */
function collect(fields: Fields, values: unknown[], depth: number): string {
  let keys = '';
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    values.push(value);
    const below = depth < deepest - 1 && values.length < mostValues ? objectIn(value) : undefined;
    keys += below && !isHidden(key) ? `${key}\uE001${collect(below, values, depth + 1)}\uE002` : `${key}\uE000`;
  }
  return keys;
}

function makePlan(keys: string): Plan {
  const places: { name: string; depth: number }[] = [];
  const outer: string[] = [];
  for (const [, key = '', end] of keys.matchAll(/([^\uE000-\uE002]*)([\uE000-\uE002])/g)) {
    if (end === '\uE002') outer.pop();
    else places.push(placeOf(outer, plainName(key)));
    if (end === '\uE001') outer.push(plainName(key));
  }
  return { places, found: new Map() };
}

/** A key with dots (`http.response.status_code`) is that of an object in an object. */
function placeOf(outer: readonly string[], key: string): Plan['places'][number] {
  const parts = [...outer, ...key.split('.')];
  return { name: parts.slice(0, -1).some(isHidden) ? '' : parts.join('.'), depth: parts.length - 1 };
}

function findPlaces({ places }: Plan, names: readonly string[]): readonly number[] {
  const all = places.map((place, index) => ({ ...place, index }));
  const own = names.flatMap((name) => all.findLast((each) => each.depth === 0 && each.name === name)?.index ?? []);
  const inner = all.filter(({ depth }) => depth > 0).sort((a, b) => a.depth - b.depth);
  const below = names.flatMap((name) =>
    inner.filter((each) => each.name === name || each.name.endsWith(`.${name}`)).map(({ index }) => index),
  );
  return [...own, ...below];
}

/** Names and their values; those of an object in the record are `outer.inner`. */
export function flattenRecord(fields: Fields): FlatRecord {
  const { keys, values } = collectValues(fields);
  return recordOf(planOf(keys), values);
}

/** All values of a record, and which keys they have. */
export function collectValues(fields: Fields): { readonly keys: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const keys = collect(fields, values, 0);
  return { keys, values };
}

/** Where the values of records with these keys are. */
export function planOf(keys: string): Plan {
  if (plans.size > mostPlans) plans.clear();
  const plan = plans.get(keys) ?? makePlan(keys);
  plans.set(keys, plan);
  return plan;
}

/** The places at which values with these names may be. */
export function placesOf(plan: Plan, names: readonly string[]): readonly number[] {
  const places = plan.found.get(names) ?? findPlaces(plan, names);
  plan.found.set(names, places);
  return places;
}

/** A record of values at the places of a plan. */
export function recordOf(plan: Plan, values: readonly unknown[]): FlatRecord {
  return {
    find(names, read) {
      for (const place of placesOf(plan, names)) {
        const found = read(values[place]);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** Azure writes an object as text. */
function objectIn(value: unknown): Fields | undefined {
  if (isJsonObject(value)) return value;
  if (typeof value !== 'string' || !value.startsWith('{"')) return undefined;
  try {
    return JSON.parse(value) as Fields;
  } catch {
    // Text that begins like an object.
    return undefined;
  }
}
