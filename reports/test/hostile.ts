// A record whose every free text attacks the reader: markup, CDATA ends, quotes, line separators, terminal sequences.

/** Markup, the end of a CDATA section, quotes, U+2028, a colour and a title for the terminal, NUL, right-to-left override, half a character. */
export const hostileText = `<script>alert(1)</script>]]>"'|\`*@all\u2028\u001b[31mred\u001b]0;title\u0007\u0000\u202e\ud800`;

/** Fields that a schema, or the threshold language, holds to a form of their own. */
const formed = new Set([
  'schemaVersion',
  'kind',
  'role',
  'stageKind',
  'status',
  'verdict',
  'startedAt',
  'finishedAt',
  'at',
  'from',
  'to',
  'breachedAt',
  'firedAt',
  'recoveredAt',
  'histogram',
  'latencyUs',
  'routeLatencyUs',
  'failedLatencyUs',
  'method',
  'thresholds',
  'path',
  'metrics',
  'measured',
  'perCore',
]);

/** The value with the hostile text behind every free string in it, keys of free records included. */
export function makeHostile<T>(value: T, key = ''): T {
  if (formed.has(key) && (typeof value !== 'object' || key === 'metrics' || key === 'measured' || key === 'perCore'))
    return value;
  if (key === 'thresholds') return value;
  if (key === 'latencyUs' && typeof value === 'object') return value;
  if (typeof value === 'string') return `${value}${hostileText}` as T;
  if (Array.isArray(value)) return value.map((each) => makeHostile(each)) as T;
  if (value === null || typeof value !== 'object') return value;
  const free = ['routes', 'services', 'versions', 'statusCounts', 'errors', 'headers', 'routeLatencyUs'].includes(key);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      free ? `${name}${hostileText}` : name,
      key === 'routeLatencyUs' ? each : makeHostile(each, free ? '' : name),
    ]),
  ) as T;
}
