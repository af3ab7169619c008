// One connection and the request on it: HTTP/1.1 over node:net and node:tls, without an object for a request.
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { leaveToTarget } from './connects.ts';
import type { Flow, Sender } from './flow.ts';
import type { RequestBytes } from './http/request-bytes.ts';
import { ResponseParser } from './http/response-parser.ts';

export class Connection implements Sender {
  readonly #flow: Flow;
  readonly #parser = new ResponseParser();
  #socket: Socket | undefined;
  #connected = false;
  #opened: (() => void) | undefined;
  /** Answers that came on this socket. */
  #answers = 0;
  #busy = false;
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
    this.#parser.begin(this.#request.toHead);
    if (this.#connected) this.#write();
    else if (this.#socket === undefined) this.#connect();
  }

  expire(now: number): void {
    if (!this.#busy || now - this.#startedAt < this.#flow.timeoutMs) return;
    this.drop();
    this.#flow.tally.timedOutAt(now, this.#route, this.#intendedAt, this.#startedAt);
    this.#free();
  }

  leave(): void {
    if (!this.#busy) return;
    this.#busy = false;
    this.#flow.tally.leftOpenAt(performance.now(), this.#route, this.#intendedAt, this.#startedAt);
  }

  drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#connected = false;
    socket?.destroy();
  }

  #leaveToTarget(): void {
    if (this.#socket) leaveToTarget(this.#socket);
    this.#socket = undefined;
    this.#connected = false;
  }

  dropIdle(): void {
    if (!this.#busy) this.drop();
  }

  #connect(): void {
    this.#answers = 0;
    const socket = this.#flow.dialer.open(
      (bytes, size) => socket === this.#socket && this.#read(bytes, size),
      () => {
        if (socket !== this.#socket) return;
        this.#connected = true;
        this.#settle();
        if (this.#busy) this.#write();
      },
    );
    this.#socket = socket;
    const ended = (code: string): void => {
      this.#settle();
      if (socket === this.#socket) this.#ended(code);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => ended(error.code ?? error.message));
    socket.on('end', () => ended('CLOSED'));
    socket.on('close', () => ended('CLOSED'));
  }

  /** Opening it has ended, one way or the other. */
  #settle(): void {
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
      if (!isBlank(bytes, 0, size)) this.drop();
      return;
    }
    const end = parser.feed(bytes, 0, size);
    this.#flow.tally.carried(0, end);
    // What follows an answer belongs to none.
    if (parser.complete) this.#answered(parser.persistent && isBlank(bytes, end, size));
    else if (parser.refusal !== undefined) this.#fail(parser.refusal);
  }

  #answered(persistent: boolean): void {
    const flow = this.#flow;
    flow.tally.answeredAt(performance.now(), this.#route, this.#parser.status, this.#intendedAt, this.#startedAt);
    this.#answers++;
    if (!persistent) this.#leaveToTarget();
    this.#free();
    if (this.#answers > 1 || this.#parser.persistent || flow.closesEach) return;
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
      this.#connect();
    } else this.#fail(code);
  }

  /** A server may close a connection while a request is on its way to it, which it then has not seen. */
  #mayRepeat(): boolean {
    const { repeatable } = this.#request as RequestBytes;
    return repeatable && !this.#repeated && this.#answers > 0 && this.#parser.messageBytes === 0;
  }

  #fail(code: string): void {
    this.drop();
    this.#flow.tally.failed(this.#route, code);
    this.#free();
  }

  #free(): void {
    this.#busy = false;
    this.#flow.release(this);
  }
}

/** Only line ends: some CGI programs send them behind an answer. */
function isBlank(bytes: Buffer, from: number, end: number): boolean {
  for (let index = from; index < end; index++) if (bytes[index] !== 0x0d && bytes[index] !== 0x0a) return false;
  return true;
}
