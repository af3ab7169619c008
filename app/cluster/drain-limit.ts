/** A worker drains within this time; then it is killed. */
export const DRAIN_LIMIT_MS = 9_000;
