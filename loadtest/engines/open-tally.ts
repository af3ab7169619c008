// What an open stage counts beyond the tally that all engines share: arrivals, drops, schedule lag, requests in flight.
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import { LatencyRecorder } from '../../model/latency/latency-recorder.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { Tally } from './tally.ts';
import { Pauses } from './timing/pauses.ts';

/** Times are those of `performance.now()`, in milliseconds. */
export class OpenTally extends Tally {
  readonly pauses = new Pauses();
  readonly #lag = new LatencyRecorder();
  readonly #raw = new LatencyRecorder();
  #slowestRawUs = 0;
  #intended = 0;
  #dropped = 0;
  #late = 0;
  #inFlight = 0;
  #inFlightMs = 0;
  #changedAt = performance.now();

  /** An arrival fell due and got a connection. */
  override sent(): void {
    this.#intended++;
    super.sent();
  }

  /** An arrival fell due and every connection was taken. */
  dropped(): void {
    this.#intended++;
    this.#dropped++;
  }

  /** An arrival fell due so long ago that it is not sent any more. */
  late(): void {
    this.#intended++;
    this.#late++;
  }

  /** A request is on its way. */
  started(intendedAt: number, startedAt: number): void {
    this.#changeInFlight(1, startedAt);
    this.#lag.record((startedAt - intendedAt) * 1000);
  }

  answeredAt(now: number, route: number, status: number, intendedAt: number, startedAt: number): void {
    this.#changeInFlight(-1, now);
    if (this.answered(route, status, (now - intendedAt) * 1000)) this.#recordRaw((now - startedAt) * 1000);
  }

  timedOutAt(now: number, route: number, intendedAt: number, startedAt: number): void {
    this.#changeInFlight(-1, now);
    this.timedOut(route, (now - intendedAt) * 1000);
    this.#recordRaw((now - startedAt) * 1000);
  }

  override failed(route: number, code: string): void {
    this.#changeInFlight(-1, performance.now());
    super.failed(route, code);
  }

  /** Still open when the wait is over. */
  leftOpenAt(now: number, route: number, intendedAt: number, startedAt: number): void {
    this.leftOpen(route, (now - intendedAt) * 1000);
    const rawUs = (now - startedAt) * 1000;
    if (this.completed > 0 && rawUs > this.#slowestRawUs) this.#raw.record(rawUs);
  }

  override cutSecond(): LoadLine {
    this.#changeInFlight(0, performance.now());
    const line = super.cutSecond();
    const lagUs = this.#lag.encode();
    const cut: LoadLine = {
      ...line,
      intended: this.#intended,
      dropped: this.#dropped,
      ...(this.#late > 0 && { late: this.#late }),
      ...(lagUs !== undefined && { lagUs }),
      inFlightS: this.#inFlightMs / 1000,
      stalledS: this.pauses.stalledMs / 1000,
      pausedS: this.pauses.pausedMs / 1000,
    };
    this.pauses.reset();
    this.#lag.reset();
    this.#intended = 0;
    this.#dropped = 0;
    this.#late = 0;
    this.#inFlightMs = 0;
    return cut;
  }

  /** The line behind the last second: how what was in flight then has ended. */
  cutGrace(): LoadLine {
    const { inFlightS: _, ...line } = this.cutSecond();
    return { ...line, durationS: 0 };
  }

  override end(aborted?: Finding): StageEndLine {
    const rawLatencyUs = this.#raw.encode();
    return { ...super.end(aborted), ...(rawLatencyUs !== undefined && { rawLatencyUs }) };
  }

  #changeInFlight(by: number, now: number): void {
    this.#inFlightMs += this.#inFlight * (now - this.#changedAt);
    this.#changedAt = now;
    this.#inFlight += by;
    this.events++;
  }

  #recordRaw(us: number): void {
    if (us > this.#slowestRawUs) this.#slowestRawUs = us;
    this.#raw.record(us);
  }
}
