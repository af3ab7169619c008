// Counts what one generator sends and gets, second by second. Both engines write into it; nothing else makes their lines.
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import { createHistogram, encodeHistogram, type Histogram, recordUs } from '../../model/histogram.ts';
import type { Route } from '../../model/profile.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';

export type Tally = {
  /** A request went out. */
  sent(): void;
  /** An answer came in full; latency in microseconds. */
  answered(route: number, status: number, latencyUs: number): void;
  /** No answer within the time-out: a latency at its age, since leaving it out would flatter the percentiles. */
  timedOut(route: number, ageUs: number): void;
  /** The connection failed before the answer was complete. */
  failed(route: number, code: string): void;
  /** Still unanswered at the end of the stage: counted as open; its age counts when there were answers and none took longer. */
  leftOpen(route: number, ageUs: number): void;
  /** Requests since the stage began. */
  totalSent(): number;
  /** Without an answer now. */
  open(): number;
  /** Answers since the stage began, with whatever status. */
  completed(): number;
  connectionErrors(): number;
  /** The line of the second that ends now, and the begin of the next. */
  cutSecond(): LoadLine;
  /** The line that ends the stage. */
  end(aborted?: Finding): StageEndLine;
};

/** Starts counting at once. `routes` are the entries of the mix; those of one name are counted together. */
export function startTally(stage: number, generator: number, routes: readonly Route[]): Tally {
  const names = [...new Set(routes.map((route) => route.name))];
  const nameOf = routes.map((route) => names.indexOf(route.name));
  const expected = routes.map((route) => new Set(route.expect));
  const second = names.map(createHistogram);
  const whole = names.map(createHistogram);
  const scratch = createHistogram();
  const failedLatency = createHistogram();
  const errors: Record<string, number> = {};
  let completed = 0;
  let connectionErrors = 0;
  let totalSent = 0;
  let open = 0;
  let left = 0;
  let slowestUs = 0;
  let counts = emptyCounts(names.length);
  let beganAt = performance.now();
  let began = new Date();
  let loop = performance.eventLoopUtilization();
  let cpu = process.cpuUsage();

  return {
    sent() {
      counts.sent++;
      totalSent++;
      open++;
    },
    answered(route, status, latencyUs) {
      const name = nameOf[route] as number;
      open--;
      completed++;
      counts.statuses[status] = (counts.statuses[status] ?? 0) + 1;
      if (latencyUs > slowestUs) slowestUs = latencyUs;
      if (expected[route]?.has(status)) {
        counts.ok[name] = (counts.ok[name] as number) + 1;
        recordUs(second[name] as Histogram, latencyUs);
      } else {
        counts.unexpectedStatus++;
        counts.failed[name] = (counts.failed[name] as number) + 1;
        recordUs(failedLatency, latencyUs);
      }
    },
    timedOut(route, ageUs) {
      const name = nameOf[route] as number;
      open--;
      counts.timeout++;
      counts.failed[name] = (counts.failed[name] as number) + 1;
      if (ageUs > slowestUs) slowestUs = ageUs;
      recordUs(second[name] as Histogram, ageUs);
    },
    failed(route, code) {
      open--;
      connectionErrors++;
      counts.connectionError++;
      counts.failed[nameOf[route] as number] = (counts.failed[nameOf[route] as number] as number) + 1;
      errors[code] = (errors[code] ?? 0) + 1;
    },
    leftOpen(route, ageUs) {
      left++;
      if (completed > 0 && ageUs > slowestUs) recordUs(second[nameOf[route] as number] as Histogram, ageUs);
    },
    totalSent: () => totalSent,
    open: () => open,
    completed: () => completed,
    connectionErrors: () => connectionErrors,
    cutSecond() {
      const now = performance.now();
      const used = process.cpuUsage(cpu);
      const loopNow = performance.eventLoopUtilization();
      scratch.reset();
      second.forEach((histogram, name) => {
        scratch.add(histogram);
        whole[name]?.add(histogram);
        histogram.reset();
      });
      const line: LoadLine = {
        kind: 'load',
        stage,
        generator,
        at: began.toISOString(),
        durationS: (now - beganAt) / 1000,
        sent: counts.sent,
        outcomes: {
          ok: counts.ok.reduce((sum, each) => sum + each, 0),
          unexpectedStatus: counts.unexpectedStatus,
          timeout: counts.timeout,
          connectionError: counts.connectionError,
        },
        statusCounts: { ...counts.statuses },
        routes: Object.fromEntries(
          names.map((name, index) => [name, { ok: counts.ok[index] ?? 0, failed: counts.failed[index] ?? 0 }]),
        ),
        ...(scratch.totalCount > 0 && { latencyUs: encodeHistogram(scratch) }),
        open,
        eventLoopUtilization: Math.min(1, performance.eventLoopUtilization(loopNow, loop).utilization),
        cpuS: (used.user + used.system) / 1e6,
      };
      counts = emptyCounts(names.length);
      beganAt = now;
      began = new Date();
      loop = loopNow;
      cpu = process.cpuUsage();
      return line;
    },
    end: (aborted) => ({
      kind: 'stage-end',
      stage,
      generator,
      finishedAt: new Date().toISOString(),
      routeLatencyUs: Object.fromEntries(
        names.flatMap((name, index) => {
          const histogram = whole[index];
          return histogram && histogram.totalCount > 0 ? [[name, encodeHistogram(histogram)]] : [];
        }),
      ),
      ...(failedLatency.totalCount > 0 && { failedLatencyUs: encodeHistogram(failedLatency) }),
      open: left,
      ...(aborted !== undefined && { aborted }),
      errors,
    }),
  };
}

function emptyCounts(names: number) {
  const zeros = () => new Array<number>(names).fill(0);
  const statuses: Record<number, number> = {};
  return { sent: 0, ok: zeros(), failed: zeros(), unexpectedStatus: 0, timeout: 0, connectionError: 0, statuses };
}
