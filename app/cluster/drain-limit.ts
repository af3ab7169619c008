/**
 * How long a connection may be idle before a draining worker closes it: longer than nginx keeps an idle one (deploy/nginx/headroom.conf),
 * and long enough for a busy one to send its next request and get `Connection: close`.
 */
export const IDLE_LIMIT_MS = 2_000;
/** How long a worker may drain before it is killed. */
export const DRAIN_LIMIT_MS = 9_000;
