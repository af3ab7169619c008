import { isIPv6 } from 'node:net';

/** Returns the seconds until an address may create a link. 0 means now, and takes one creation from its quota. The clock is monotonic. */
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
  // Also a text that is not an address: all visitors without one share a quota.
  if (!isIPv6(address)) return address;
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail?.split(':').filter(Boolean) ?? [];
  const gap = tail === undefined ? [] : Array<string>(8 - groups.length - rest.length).fill('0');
  const whole = [...groups, ...gap, ...rest];
  const [high, low] = whole.slice(6).map((group) => Number.parseInt(group, 16));
  // IPv4 in the hexadecimal form of IPv6.
  if (whole.slice(0, 6).join(':') === '0:0:0:0:0:ffff' && high !== undefined && low !== undefined)
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${whole.slice(0, 4).join(':')}::/64`;
}
