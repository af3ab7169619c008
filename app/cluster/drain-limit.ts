/** How long a worker may drain before it is killed. */
export const DRAIN_LIMIT_MS = 9_000;
