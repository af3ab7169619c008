// A record with objects in it as one list of values, whatever the case and the dashes of its names.

export type Fields = Readonly<Record<string, unknown>>;
/** Finds values by names like `status` or `request.method`. */
export type FlatRecord = {
  /** The first that `read` understands: names of the record itself come before those of objects in it, in the order of `names`. */
  readonly find: <T>(names: readonly string[], read: (value: unknown) => T | undefined) => T | undefined;
};

const [deepest, mostValues] = [6, 300];
/** They have paths, statuses and times of something else. */
const otherThings =
  /^(?:headers?|file|error|err|user|tls|ssl|upstream|origin|agent|geo|host|cookies?|kubernetes|container)$/;

/** A name without case, dashes and the like: `status_code`, `statusCode` and `StatusCode` are one. Dots stay. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9.]/g, '');
}

/** Names and their values; those of an object in the record are `outer.inner`. */
export function flattenRecord(fields: Fields): FlatRecord {
  const own = new Map<string, unknown>();
  const inner: [name: string, value: unknown][] = [];
  let level: [prefix: string, fields: Fields][] = [['', fields]];
  for (let depth = 0; depth < deepest && level.length > 0 && own.size + inner.length < mostValues; depth++) {
    const next: typeof level = [];
    for (const [prefix, each] of level)
      for (const [key, value] of Object.entries(each)) {
        const name = prefix + plainName(key);
        if (depth === 0) own.set(name, value);
        else inner.push([name, value]);
        const below = objectIn(value);
        if (below && !otherThings.test(plainName(key))) next.push([`${name}.`, below]);
      }
    level = next;
  }
  return {
    find(names, read) {
      for (const name of names) {
        const found = own.has(name) ? read(own.get(name)) : undefined;
        if (found !== undefined) return found;
      }
      for (const name of names)
        for (const [full, value] of inner) {
          if (full !== name && !full.endsWith(`.${name}`)) continue;
          const found = read(value);
          if (found !== undefined) return found;
        }
      return undefined;
    },
  };
}

/** Azure writes an object as text. */
function objectIn(value: unknown): Fields | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  if (typeof value !== 'string' || !value.startsWith('{"')) return undefined;
  try {
    return JSON.parse(value) as Fields;
  } catch {
    // Text that begins like an object.
    return undefined;
  }
}
