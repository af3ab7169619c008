// The connections of one stage: how many were opened, how long that took, and how one ends that its target closes.
import type { Socket } from 'node:net';
import { LatencyRecorder } from '../../model/latency/latency-recorder.ts';
import type { StageEndLine } from '../../model/second.ts';

/** Longest wait for the target to close a connection that it said it would close. */
const lingerMs = 1000;

export class Connects {
  #opened = 0;
  /** That brought what no request had asked for. */
  unasked = 0;
  /** From the begin of connecting until a request may be written, TLS included. */
  readonly #connectUs = new LatencyRecorder();

  opened(tookMs: number): void {
    this.#opened++;
    this.#connectUs.record(tookMs * 1000);
  }

  /** For the record of a stage. */
  summary(): NonNullable<StageEndLine['connections']> {
    const connectUs = this.#connectUs.encode();
    return {
      opened: this.#opened,
      ...(connectUs !== undefined && { connectUs }),
      ...(this.unasked > 0 && { unasked: this.unasked }),
    };
  }
}

/** A busy machine lets this process see an end later by so much, however near the target is: an error must be the target's. */
const leastUnseenMs = 100;

/**
 * How long after a request the end of its connection may come, if the target ended it before it had the request: about as long as it
 * took to connect. An end that comes later is the target's answer to the request.
 */
export function unseenMs(connectMs: number): number {
  return Math.max(leastUnseenMs, connectMs);
}

/** So long before a server ends an idle connection, no request is sent on it any more. */
const idleMarginMs = 500;
/** Shorter than the idle limit of any usual server that does not name it; Node's is 5 s. */
const unnamedIdleMs = 4000;

/**
 * Whether the server may end a connection just now that has been idle for so long. What may be sent twice is risked where the server does
 * not say when (`keepAliveS` -1).
 */
export function mayBeEnding(idleMs: number, keepAliveS: number, repeatable: boolean): boolean {
  // Node says 0 of any limit below a second.
  if (keepAliveS <= 0) return !repeatable && idleMs > unnamedIdleMs;
  return idleMs > keepAliveS * 1000 - Math.min(idleMarginMs, keepAliveS * 250);
}

/** Leaves a socket to its target. Who closes first keeps the port for a minute (TIME_WAIT), and this machine has 28,000 of them. */
export function leaveToTarget(socket: Socket): void {
  // The socket's own time-out would begin again with every byte.
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('end', () => socket.destroy());
  socket.once('close', () => clearTimeout(timer));
}
