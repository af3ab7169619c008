// The clients that others trust, fed with bytes instead of a network: what they make of an answer that comes in these pieces.
import { request } from 'node:http';
import { Duplex } from 'node:stream';
import { Client } from 'undici';

/** `answer` when it came whole, `refused` when it is no HTTP or broke off. */
export type Read = {
  readonly ending: 'answer' | 'refused';
  readonly status?: number;
  readonly bodyBytes?: number;
  /** Its connection may be used again; undici does not say it. */
  readonly persistent?: boolean;
};

export const refused: Read = { ending: 'refused' };

/** A connection whose other side answers the first bytes that come with these pieces, and hangs up. */
class Wire extends Duplex {
  #pieces: readonly Buffer[] | undefined;
  constructor(pieces: readonly Buffer[]) {
    super();
    this.#pieces = pieces;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  override _read(): void {}
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    const pieces = this.#pieces;
    this.#pieces = undefined;
    if (pieces) setImmediate(() => void this.#say(pieces));
    done();
  }

  /** Each piece in a turn of its own, so that no reader sees two as one. */
  async #say(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      if (this.destroyed) return;
      this.push(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!this.destroyed) this.push(null);
  }
}

export function readByNode(method: string, pieces: readonly Buffer[]): Promise<Read> {
  const wire = new Wire(pieces);
  return new Promise<Read>((resolve) => {
    const headers = { connection: 'keep-alive' };
    const sent = request({ method, headers, createConnection: () => wire as never });
    sent.on('response', (answer) => {
      let bodyBytes = 0;
      answer.on('data', (chunk) => {
        bodyBytes += chunk.length;
      });
      // Node takes a status of 000, which is none (RFC 9110, 15) and which undici refuses.
      const status = answer.statusCode ?? 0;
      const { shouldKeepAlive: persistent } = sent as unknown as { readonly shouldKeepAlive: boolean };
      answer.on('end', () => resolve(status < 100 ? refused : { ending: 'answer', status, bodyBytes, persistent }));
      answer.on('error', () => resolve(refused));
    });
    sent.on('upgrade', () => resolve(refused));
    sent.on('error', () => resolve(refused));
    sent.on('close', () => resolve(refused));
    sent.end();
  }).finally(() => wire.destroy());
}

export function readByUndici(method: string, pieces: readonly Buffer[]): Promise<Read> {
  const wire = new Wire(pieces);
  const client = new Client('http://localhost', {
    connect: (_, done) => void setImmediate(() => done(null, wire as never)),
    pipelining: 1,
  });
  return new Promise<Read>((resolve) => {
    let status = 0;
    let bodyBytes = 0;
    client.dispatch(
      { method: method as 'GET', path: '/' },
      {
        onConnect: () => {},
        onHeaders: (code) => {
          if (code >= 200) status = code;
          return true;
        },
        onData: (chunk) => {
          bodyBytes += chunk.length;
          return true;
        },
        onComplete: () => resolve({ ending: 'answer', status, bodyBytes }),
        onError: () => resolve(refused),
        onUpgrade: () => resolve(refused),
      },
    );
  }).finally(() => client.destroy().catch(() => {}));
}
