// One connection and the request on it: HTTP/1.1 over node:net and node:tls, without an object for a request.
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { leaveToTarget, mayBeEnding, unseenMs } from './connects.ts';
import type { Flow, Sender } from './flow.ts';
import type { RequestBytes } from './http/request-bytes.ts';
import { ResponseParser } from './http/response-parser.ts';
import { isBlank, isTimeout } from './http/text-bytes.ts';

export class Connection implements Sender {
  readonly #flow: Flow;
  readonly #parser = new ResponseParser();
  #socket: Socket | undefined;
  connected = false;
  #opened: (() => void) | undefined;
  /** What connecting took. */
  #connectMs = 0;
  /** Answers that came on this socket. */
  #answers = 0;
  #busy = false;
  #answeredAt = 0;
  #repeated = false;
  #route = 0;
  #request: RequestBytes | undefined;
  #intendedAt = 0;
  /** When the request was handed to the socket, or, without a connection, when the connecting began. */
  #startedAt = 0;

  constructor(flow: Flow) {
    this.#flow = flow;
    flow.connections.push(this);
  }

  open(): Promise<void> {
    return new Promise((resolve) => {
      this.#opened = resolve;
      this.#connect();
    });
  }

  send(route: number, intendedAt: number): void {
    const { tally } = this.#flow;
    this.#busy = true;
    this.#repeated = false;
    this.#route = route;
    this.#intendedAt = intendedAt;
    this.#startedAt = performance.now();
    tally.sent();
    // The time that connecting takes is the server's, not lag of the schedule.
    tally.started(intendedAt, this.#startedAt);
    this.#request = this.#flow.requestOf(route);
    // Asked before the parser forgets what the last answer said.
    if (this.#answers > 0 && this.connected && this.#mayBeEnding(this.#request)) this.drop();
    this.#parser.begin(this.#request.toHead, this.#request.kept);
    if (this.connected) this.#write();
    else if (this.#socket === undefined) this.#connect();
  }

  expire(now: number): void {
    if (!this.#busy || now - this.#startedAt < this.#flow.timeoutMs) return;
    this.#reset();
    this.#flow.tally.timedOutAt(now, this.#route, this.#intendedAt, this.#startedAt);
    this.#free();
  }

  leave(): void {
    if (!this.#busy) return;
    this.#busy = false;
    this.#flow.tally.leftOpenAt(performance.now(), this.#route, this.#intendedAt, this.#startedAt);
  }

  drop(): void {
    this.#letGo()?.destroy();
  }

  #letGo(): Socket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.connected = false;
    return socket;
  }

  /** Ends it in mid-answer. Closed, it would keep its port for a minute; TLS has no reset, nor has what is not connected. */
  #reset(): void {
    const { connected } = this;
    const socket = this.#letGo();
    if (connected && socket && !('encrypted' in socket)) socket.resetAndDestroy();
    else socket?.destroy();
  }

  dropIdle(): void {
    if (!this.#busy) this.drop();
  }

  #connect(): void {
    this.#answers = 0;
    const beganAt = performance.now();
    const socket = this.#flow.dialer.open(
      (bytes, size) => socket === this.#socket && this.#read(bytes, size),
      () => {
        if (socket !== this.#socket) return;
        this.connected = true;
        this.#connectMs = performance.now() - beganAt;
        this.#openingEnded();
        if (this.#busy) this.#write();
      },
    );
    this.#socket = socket;
    const ended = (code: string): void => {
      this.#openingEnded();
      if (socket === this.#socket) this.#ended(code);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => ended(error.code ?? error.message));
    socket.on('end', () => ended('CLOSED'));
    socket.on('close', () => ended('CLOSED'));
  }

  /** Opening it has ended, one way or the other. */
  #openingEnded(): void {
    this.#opened?.();
    this.#opened = undefined;
  }

  #write(): void {
    const { bytes } = this.#request as RequestBytes;
    this.#flow.tally.carried(bytes.length, 0);
    this.#socket?.write(bytes);
  }

  #read(bytes: Buffer, size: number): void {
    const parser = this.#parser;
    if (!this.#busy) {
      if (isBlank(bytes, 0, size)) return;
      if (!isTimeout(bytes, 0, size)) this.#flow.dialer.unasked();
      this.drop();
      return;
    }
    const end = parser.feed(bytes, 0, size);
    this.#flow.tally.carried(0, end);
    if (parser.complete) {
      // What follows an answer belongs to none.
      const isLast = isBlank(bytes, end, size);
      if (!isLast && parser.persistent && !isTimeout(bytes, end, size)) this.#flow.dialer.unasked();
      this.#answered(parser.persistent && isLast);
    } else if (parser.refusal !== undefined) this.#fail(parser.refusal);
  }

  #answered(persistent: boolean): void {
    const flow = this.#flow;
    this.#answeredAt = performance.now();
    const { status } = this.#parser;
    const route = this.#request?.seen?.(status) ?? this.#route;
    flow.tally.answeredAt(this.#answeredAt, route, status, this.#intendedAt, this.#startedAt);
    this.#answers++;
    if (this.#parser.persistent) flow.keeps = true;
    const left = persistent ? undefined : this.#letGo();
    if (left) leaveToTarget(left);
    this.#free();
    if (flow.keeps || flow.closesEach) return;
    // A server of few workers, each of which waits for the request of one connection, would wait for those that are spare.
    flow.closesEach = true;
    for (const connection of flow.connections) connection.dropIdle();
  }

  /** The other side has ended the connection: the end of an answer, of one that is not complete, or of an idle connection. */
  #ended(code: string): void {
    if (!this.#busy) this.drop();
    else if (code === 'CLOSED' && this.#parser.close()) this.#answered(false);
    else if (this.#mayRepeat()) {
      this.drop();
      this.#repeated = true;
      this.#flow.tally.repeated();
      this.#connect();
    } else this.#fail(code);
  }

  #mayBeEnding({ repeatable }: RequestBytes): boolean {
    return mayBeEnding(this.#startedAt - this.#answeredAt, this.#parser.keepAliveS, repeatable);
  }

  /** A server may close a connection while a request is on its way to it, which it then has not seen. */
  #mayRepeat(): boolean {
    const { repeatable } = this.#request as RequestBytes;
    const isUnseen = performance.now() - this.#startedAt < unseenMs(this.#connectMs);
    return repeatable && isUnseen && !this.#repeated && this.#answers > 0 && this.#parser.messageBytes === 0;
  }

  #fail(code: string): void {
    this.#reset();
    this.#flow.tally.failed(this.#route, code);
    this.#free();
  }

  #free(): void {
    this.#busy = false;
    this.#flow.release(this, this.#request as RequestBytes);
  }
}
