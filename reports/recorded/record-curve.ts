// The curve of a record for charts, in so many entries however long the record is.

/** End of an entry in milliseconds since 1970, lowest balance, mean and highest demand in vCPUs, throttled share of it. */
export type CurveEntry = readonly [endMs: number, balance: number, vcpus: number, mostVcpus: number, throttled: number];
/** One list for each stretch without an interruption. */
export type RecordCurve = readonly (readonly CurveEntry[])[];

/** More than the pixels that a chart gives them. */
const mostEntries = 560;

/** Collects entries of at least a 560th of the window; without one it collects nothing. */
export function createCurve(window: readonly [fromMs: number, toMs: number] | undefined) {
  const [fromMs, toMs] = window ?? [0, 0];
  const leastMs = (toMs - fromMs) / mostEntries;
  const stretches: CurveEntry[][] = [[]];
  let [beganMs, length, lowest, demand, most, throttledBefore] = [fromMs, 0, Number.POSITIVE_INFINITY, 0, 0, 0];
  let [endMs, throttledNow] = [fromMs, 0];
  const close = (): void => {
    if (length === 0) return;
    const throttled = (throttledNow - throttledBefore) / length;
    stretches.at(-1)?.push([endMs, lowest, demand / length, most, throttled]);
    [beganMs, length, lowest, demand, most, throttledBefore] = [endMs, 0, Number.POSITIVE_INFINITY, 0, 0, throttledNow];
  };
  return {
    /** `throttledMs` is the sum up to now. */
    add(atMs: number, ms: number, balance: number, vcpus: number, throttledMs: number): void {
      if (!window) return;
      if (atMs < fromMs) {
        throttledBefore = throttledMs;
        throttledNow = throttledMs;
        return;
      }
      endMs = atMs + ms;
      length += ms;
      lowest = Math.min(lowest, balance);
      demand += vcpus * ms;
      most = Math.max(most, vcpus);
      throttledNow = throttledMs;
      if (endMs - beganMs >= leastMs) close();
    },
    interrupt(): void {
      close();
      // The next stretch begins where the machine runs again.
      beganMs = Number.NEGATIVE_INFINITY;
      if (stretches.at(-1)?.length) stretches.push([]);
    },
    finish(): RecordCurve {
      close();
      return stretches.filter((entries) => entries.length > 0);
    },
  };
}
