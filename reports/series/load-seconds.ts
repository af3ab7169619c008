// The seconds of several generators -> seconds of load.
import { quickPercentiles } from '../../model/latency/quick-percentiles.ts';
import { present } from '../../model/present.ts';
import type { LoadLine } from '../../model/second.ts';
import type { Clock } from './clock.ts';

/** One second of all generators together. */
export type LoadSecond = {
  /** Its middle, in seconds since the run began. */
  readonly atS: number;
  readonly stage: number;
  readonly durationS: number;
  readonly sent: number;
  /** Of requests and of responses; absent where they were not counted. */
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
  readonly throughputPerS: number;
  readonly errorsPerS: number;
  readonly open: number;
  /** Of expected answers; absent when there was none. */
  readonly p50Us?: number;
  readonly p99Us?: number;
};

/** The last piece of a stage may be a few milliseconds long; one answer in it would be a peak. The stage's totals have it. */
const shortestS = 0.25;

type Group = { readonly atS: number; readonly lines: LoadLine[] };

/**
 * The n-th seconds of a stage's generators are put together: they start together and each measures its own seconds, so the number of a
 * second is surer than its wall-clock time.
 */
export function gatherLoad(clock: Clock, processes: number) {
  const load: LoadSecond[] = [];
  const pending = new Map<string, Group>();
  const numbers = new Map<string, number>();
  return {
    /** Returns when the second ended, in seconds since the run began. */
    add(line: LoadLine): number {
      const atS = clock.secondsAt(line.at);
      const generator = `${line.stage} ${line.generator}`;
      const number = numbers.get(generator) ?? 0;
      numbers.set(generator, number + 1);
      const key = `${line.stage} ${number}`;
      const group = pending.get(key) ?? { atS, lines: [] };
      group.lines.push(line);
      // A day of lines is a quarter of a GiB: a second is joined, and its lines let go, as soon as all generators have reported theirs.
      if (group.lines.length < processes) pending.set(key, group);
      else {
        pending.delete(key);
        load.push(joinGenerators(group));
      }
      return atS + line.durationS;
    },
    result: (): LoadSecond[] =>
      [...load, ...[...pending.values()].map(joinGenerators)]
        .filter((second) => second.durationS >= shortestS)
        .sort((a, b) => a.atS - b.atS),
  };
}

function joinGenerators({ atS, lines }: Group): LoadSecond {
  // One loop: this runs 86,400 times for a day.
  let durationS = 0;
  let sent = 0;
  let completed = 0;
  let errors = 0;
  let open = 0;
  let sentBytes: number | undefined;
  let receivedBytes: number | undefined;
  const encoded: string[] = [];
  for (const line of lines) {
    const { ok, unexpectedStatus, timeout, connectionError } = line.outcomes;
    durationS = Math.max(durationS, line.durationS);
    sent += line.sent;
    completed += ok + unexpectedStatus;
    errors += unexpectedStatus + timeout + connectionError;
    open += line.open;
    if (line.bytes) {
      sentBytes = (sentBytes ?? 0) + line.bytes.sent;
      receivedBytes = (receivedBytes ?? 0) + line.bytes.received;
    }
    if (line.latencyUs !== undefined) encoded.push(line.latencyUs);
  }
  const [p50Us, p99Us] = quickPercentiles(encoded, [50, 99]) ?? [];
  return {
    atS: atS + durationS / 2,
    stage: lines[0]?.stage ?? 0,
    durationS,
    sent,
    throughputPerS: completed / durationS,
    errorsPerS: errors / durationS,
    open,
    ...present({ sentBytes, receivedBytes, p50Us, p99Us }),
  };
}
