// Counts what one generator sends and gets, second by second, in arrays: a request makes no object here.
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import { LatencyRecorder } from '../../model/latency/latency-recorder.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { type RouteTable, statusCount, statusCounts } from './statuses.ts';
import { LoopUse } from './timing/loop-use.ts';

export class Tally {
  /** These four since the stage began. Requests without an answer now: */
  open = 0;
  totalSent = 0;
  /** Answers, with whatever status. */
  completed = 0;
  connectionErrors = 0;
  /** Grows with whatever happens to requests, and with every piece of an answer. */
  events = 0;
  protected slowestUs = 0;
  readonly #of: Pick<LoadLine, 'stage' | 'generator'>;
  readonly #names: RouteTable['names'];
  readonly #nameOf: RouteTable['nameOf'];
  readonly #expected: RouteTable['expected'];
  readonly #second = new LatencyRecorder();
  readonly #whole: readonly LatencyRecorder[];
  readonly #failedLatency = new LatencyRecorder();
  readonly #errors = new Map<string, number>();
  readonly #statuses = new Uint32Array(statusCount);
  readonly #ok: Uint32Array;
  readonly #failed: Uint32Array;
  #sent = 0;
  #repeated = 0;
  #sentBytes = 0;
  #receivedBytes = 0;
  #unexpected = 0;
  #timeouts = 0;
  #connectionErrors = 0;
  #left = 0;
  #beganAt = 0;
  #began = new Date();
  readonly #loop = new LoopUse();
  readonly polled = (ms: number): void => this.#loop.polled(ms);
  #cpu = process.cpuUsage();

  constructor(stage: number, generator: number, { names, nameOf, expected }: RouteTable) {
    this.#of = { stage, generator };
    this.#names = names;
    this.#nameOf = nameOf;
    this.#expected = expected;
    this.#whole = this.#names.map(() => new LatencyRecorder());
    this.#ok = new Uint32Array(this.#names.length);
    this.#failed = new Uint32Array(this.#names.length);
    this.begin();
  }

  /** The first second begins now. */
  begin(): void {
    this.#beganAt = performance.now();
    this.#began = new Date();
    this.#loop.begin();
    this.#cpu = process.cpuUsage();
  }

  /** Bytes of whole messages, as they are without TLS. */
  carried(sentBytes: number, receivedBytes: number): void {
    this.events++;
    this.#sentBytes += sentBytes;
    this.#receivedBytes += receivedBytes;
  }

  /** A request went out. */
  sent(): void {
    this.#sent++;
    this.totalSent++;
    this.open++;
  }

  /** The same request goes out again. */
  repeated(): void {
    this.#repeated++;
  }

  /** An answer came in full; latency in microseconds. Returns whether its status was expected. */
  answered(route: number, status: number, latencyUs: number): boolean {
    const name = this.#nameOf[route] as number;
    this.open--;
    this.completed++;
    increment(this.#statuses, status);
    if (latencyUs > this.slowestUs) this.slowestUs = latencyUs;
    if ((this.#expected[route] as Uint8Array)[status] === 1) {
      increment(this.#ok, name);
      this.#record(name, latencyUs);
      return true;
    }
    this.#unexpected++;
    increment(this.#failed, name);
    this.#failedLatency.record(latencyUs);
    return false;
  }

  /** No answer within the time-out: a latency at its age, since leaving it out would flatter the percentiles. */
  timedOut(route: number, ageUs: number): void {
    const name = this.#nameOf[route] as number;
    this.open--;
    this.#timeouts++;
    increment(this.#failed, name);
    if (ageUs > this.slowestUs) this.slowestUs = ageUs;
    this.#record(name, ageUs);
  }

  /** The connection failed before the answer was complete. */
  failed(route: number, code: string): void {
    this.open--;
    this.connectionErrors++;
    this.#connectionErrors++;
    increment(this.#failed, this.#nameOf[route] as number);
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** Still unanswered at the end of the stage: counted as open; its age counts when there were answers and none took longer. */
  leftOpen(route: number, ageUs: number): void {
    this.#left++;
    if (this.completed > 0 && ageUs > this.slowestUs) this.#record(this.#nameOf[route] as number, ageUs);
  }

  /** The line of the second that ends now, and the begin of the next. */
  cutSecond(): LoadLine {
    const now = performance.now();
    const used = process.cpuUsage(this.#cpu);
    const latencyUs = this.#second.encode();
    const line: LoadLine = {
      kind: 'load',
      ...this.#of,
      at: this.#began.toISOString(),
      durationS: (now - this.#beganAt) / 1000,
      sent: this.#sent,
      ...(this.#repeated > 0 && { repeated: this.#repeated }),
      ...(this.#sentBytes + this.#receivedBytes > 0 && {
        bytes: { sent: this.#sentBytes, received: this.#receivedBytes },
      }),
      outcomes: {
        ok: this.#ok.reduce((sum, each) => sum + each, 0),
        unexpectedStatus: this.#unexpected,
        timeout: this.#timeouts,
        connectionError: this.#connectionErrors,
      },
      statusCounts: statusCounts(this.#statuses),
      routes: Object.fromEntries(
        this.#names.map((name, index) => [name, { ok: this.#ok[index] ?? 0, failed: this.#failed[index] ?? 0 }]),
      ),
      ...(latencyUs !== undefined && { latencyUs }),
      open: this.open,
      eventLoopUtilization: this.#loop.share(),
      cpuS: (used.user + used.system) / 1e6,
    };
    this.#clearSecond();
    return line;
  }

  /** The line that ends the stage. */
  end(aborted?: Finding): StageEndLine {
    const failedLatencyUs = this.#failedLatency.encode();
    return {
      kind: 'stage-end',
      ...this.#of,
      finishedAt: new Date().toISOString(),
      routeLatencyUs: Object.fromEntries(
        this.#names.flatMap((name, index) => {
          const encoded = this.#whole[index]?.encode();
          return encoded === undefined ? [] : [[name, encoded]];
        }),
      ),
      ...(failedLatencyUs !== undefined && { failedLatencyUs }),
      open: this.#left,
      ...(aborted !== undefined && { aborted }),
      errors: Object.fromEntries(this.#errors),
    };
  }

  #record(name: number, latencyUs: number): void {
    this.#second.record(latencyUs);
    (this.#whole[name] as LatencyRecorder).record(latencyUs);
  }

  #clearSecond(): void {
    this.#second.reset();
    for (const counts of [this.#ok, this.#failed, this.#statuses]) counts.fill(0);
    this.#sent = 0;
    this.#repeated = 0;
    this.#sentBytes = 0;
    this.#receivedBytes = 0;
    this.#unexpected = 0;
    this.#timeouts = 0;
    this.#connectionErrors = 0;
    this.begin();
  }
}

function increment(counts: Uint32Array, index: number): void {
  counts[index] = (counts[index] as number) + 1;
}
