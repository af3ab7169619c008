// The different requests of a log, each once: as bytes in one buffer, since a million strings would take a GiB.
import { UserError } from '../../model/user-error.ts';
import { columnOf } from './column.ts';

/** Requests by their numbers. A log has the same path with several statuses: each is a request of its own. */
export type PackedRequests = {
  /** Paths with their queries, one behind the other. */
  readonly bytes: Uint8Array;
  /** Where the path of each begins; one more than there are requests. */
  readonly begins: Uint32Array;
  readonly methods: readonly string[];
  /** Number of its method. */
  readonly method: Uint8Array;
  /** In the log; 0 where it has none. */
  readonly status: Uint16Array;
};

/** Bytes of different paths. A log of more is replayed in parts. */
const mostBytes = 512 * 1024 ** 2;

/** Collects different requests: open addressing over the buffer, without an object for a request. */
export class RequestTable {
  readonly #methods: string[] = [];
  readonly #begins = columnOf(Uint32Array);
  readonly #method = columnOf(Uint8Array);
  readonly #status = columnOf(Uint16Array);
  readonly #hashes = columnOf(Uint32Array);
  #bytes = Buffer.allocUnsafeSlow(1 << 20);
  #used = 0;
  #slots = new Int32Array(1 << 14).fill(-1);

  get size(): number {
    return this.#status.length;
  }

  /** Returns the number of a request whose path is ASCII. Throws a UserError when the paths take too much memory. */
  add(method: string, path: string, status: number): number {
    const methodNumber = this.#numberOf(method);
    const end = this.#used + path.length;
    if (end > this.#bytes.length) this.#growBytes(end);
    const bytes = this.#bytes;
    // Where it stays if it is new: bytes are read faster than characters.
    bytes.write(path, this.#used, 'latin1');
    let hash = (methodNumber * 1009 + status) ^ 0x811c9dc5;
    for (let index = this.#used; index < end; index++) hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
    hash = (hash ^ (hash >>> 15)) >>> 0;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let known = this.#slots[slot] as number; known >= 0; known = this.#slots[slot] as number) {
      if (this.#hashes.at(known) === hash && this.#is(known, methodNumber, path.length, status)) return known;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.size;
    return this.#append(methodNumber, path.length, status, hash);
  }

  pack(): PackedRequests {
    this.#begins.push(this.#used);
    return {
      bytes: this.#bytes.subarray(0, this.#used),
      begins: this.#begins.values(),
      methods: this.#methods,
      method: this.#method.values(),
      status: this.#status.values(),
    };
  }

  #numberOf(method: string): number {
    const known = this.#methods.indexOf(method);
    return known >= 0 ? known : this.#methods.push(method) - 1;
  }

  #is(request: number, method: number, length: number, status: number): boolean {
    if (this.#method.at(request) !== method || this.#status.at(request) !== status) return false;
    const begin = this.#begins.at(request);
    const end = request + 1 < this.size ? this.#begins.at(request + 1) : this.#used;
    if (end - begin !== length) return false;
    for (let index = 0; index < length; index++)
      if (this.#bytes[begin + index] !== this.#bytes[this.#used + index]) return false;
    return true;
  }

  #append(method: number, length: number, status: number, hash: number): number {
    this.#begins.push(this.#used);
    this.#used += length;
    this.#method.push(method);
    this.#status.push(status);
    this.#hashes.push(hash);
    if (this.size * 2 > this.#slots.length) this.#growSlots();
    return this.size - 1;
  }

  #growBytes(needed: number): void {
    if (needed > mostBytes)
      throw new UserError('the different paths of the log take more than 512 MB: replay a part with --from and --to');
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let request = 0; request < this.size; request++) {
      let slot = this.#hashes.at(request) & mask;
      while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = request;
    }
  }
}

/** Path and query of a request. */
export function pathAt({ bytes, begins }: PackedRequests, request: number): string {
  const [begin, end] = [begins[request] as number, begins[request + 1] as number];
  return Buffer.from(bytes.buffer, bytes.byteOffset + begin, end - begin).toString('latin1');
}
