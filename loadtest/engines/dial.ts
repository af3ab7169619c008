// Opens the sockets of a stage, plain or TLS, and counts what opening them took.
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createSecureContext, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { LatencyRecorder } from '../../model/latency/latency-recorder.ts';
import type { StageEndLine } from '../../model/second.ts';
import { Connects } from './connects.ts';
import { lookUpOnce } from './look-up-once.ts';

/** One for all sockets: what arrives is read out of it before anything else can arrive. */
const arrived = Buffer.allocUnsafeSlow(64 * 1024);

/** Called with each piece; it is overwritten when the call returns. */
type OnRead = (bytes: Buffer, size: number) => void;

export class Dialer {
  readonly #connects = new Connects();
  /** TLS handshakes that took up the session of an earlier one. */
  #resumed = 0;
  /** From a connection to the end of its TLS handshake. */
  readonly #handshakeUs = new LatencyRecorder();
  readonly #plain: boolean;
  readonly #address: { readonly host: string; readonly port: number };
  readonly #tls: object;
  #session: Buffer | undefined;
  readonly #lookup: { readonly lookup: LookupFunction; answered(address: string | undefined): void };

  constructor(order: { readonly origin: string; readonly insecure: boolean }) {
    const { protocol, hostname, port } = new URL(order.origin);
    const host = hostname.replace(/^\[|\]$/g, '');
    this.#plain = protocol !== 'https:';
    this.#address = { host, port: Number(port) || (this.#plain ? 80 : 443) };
    this.#lookup = lookUpOnce();
    this.#tls = this.#plain
      ? {}
      : {
          rejectUnauthorized: !order.insecure,
          // Made once: it reads all root certificates.
          secureContext: createSecureContext(),
          ...(isIP(host) === 0 && { servername: host }),
        };
  }

  /** For the record of a stage. */
  summary(): NonNullable<StageEndLine['connections']> {
    const handshakeUs = this.#handshakeUs.encode();
    return {
      ...this.#connects.summary(),
      ...(handshakeUs !== undefined && { resumed: this.#resumed, handshakeUs }),
    };
  }

  /** A connection brought what no request had asked for. */
  unasked(): void {
    this.#connects.unasked++;
  }

  /** A socket that is being connected; `onOpen` is called when requests may be written. */
  open(onRead: OnRead, onOpen: () => void): Socket {
    const options = {
      ...this.#address,
      lookup: this.#lookup.lookup,
      noDelay: true,
      onread: {
        buffer: arrived,
        callback: (size: number) => {
          onRead(arrived, size);
          return true;
        },
      },
    };
    const beganAt = performance.now();
    const opened = (): void => {
      this.#connects.opened(performance.now() - beganAt);
      this.#lookup.answered(socket.remoteAddress);
      onOpen();
    };
    const socket = this.#plain ? connect(options).once('connect', opened) : this.#openTls(options, opened);
    return socket;
  }

  #openTls(options: object, onOpen: () => void): Socket {
    // Not in its types: `onread` is documented for tls.connect too.
    const session = this.#session;
    const socket = tlsConnect({ ...options, ...this.#tls, ...(session && { session }) } as object) as TLSSocket;
    let connectedAt = Number.NaN;
    socket.once('connect', () => {
      connectedAt = performance.now();
    });
    // With TLS 1.3 it comes behind the handshake.
    socket.on('session', (ticket) => {
      this.#session = ticket;
    });
    socket.once('secureConnect', () => {
      if (socket.isSessionReused()) this.#resumed++;
      this.#handshakeUs.record((performance.now() - connectedAt) * 1000);
      onOpen();
    });
    return socket;
  }
}
