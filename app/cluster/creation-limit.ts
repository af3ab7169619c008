/** Returns the seconds until an address may create a link. 0 means now, and takes one creation from its quota. */
type CreationLimit = (address: string, nowMs: number) => number;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

const MINUTE_MS = 60_000;
const MAX_ADDRESSES = 100_000;

/** Limits creations by a token bucket per address: at most `perMinute` at once, refilled evenly. 0 means no limit. */
export function createCreationLimit(perMinute: number): CreationLimit {
  if (perMinute === 0) return () => 0;
  const refillPerMs = perMinute / MINUTE_MS;
  const buckets = new Map<string, Bucket>();

  return (address, nowMs) => {
    const key = networkOf(address);
    const bucket = buckets.get(key) ?? { tokens: perMinute, atMs: nowMs };
    const tokens = Math.min(perMinute, bucket.tokens + (nowMs - bucket.atMs) * refillPerMs);
    // Deleted first, so that the map is ordered by last use.
    buckets.delete(key);
    if (buckets.size >= MAX_ADDRESSES) buckets.delete(buckets.keys().next().value ?? '');
    const allowed = tokens >= 1;
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    return allowed ? 0 : Math.ceil((1 - tokens) / refillPerMs / 1000);
  };
}

/** The key of an address: a /64 of IPv6 usually belongs to one customer and counts as one address. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail?.split(':').filter(Boolean) ?? [];
  const gap = tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  const whole = [...groups, ...gap, ...rest].slice(0, 4);
  return `${whole.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
