// What is kept of an answer, for a request that wants to see it.

export class Kept {
  /** Heads and trailers as they came, a character for each byte. */
  heads = '';
  /** Also those of a head that came in one piece and sets no cookie. */
  everyHead: boolean;
  readonly body: Buffer[] = [];
  /** So many more bytes of the body are wanted. */
  bodyBytesLeft: number;

  constructor(everyHead: boolean, bodyBytes: number) {
    this.everyHead = everyHead;
    this.bodyBytesLeft = bodyBytes;
  }

  /** Empties it, for the answer to another request. */
  reset(everyHead: boolean, bodyBytes: number): void {
    this.heads = '';
    this.everyHead = everyHead;
    if (this.body.length > 0) this.body.length = 0;
    this.bodyBytesLeft = bodyBytes;
  }

  /** Copies what is wanted of these. */
  keepBody(bytes: Buffer, from: number, end: number): void {
    const length = Math.min(end - from, this.bodyBytesLeft);
    const part = Buffer.allocUnsafe(length);
    bytes.copy(part, 0, from, from + length);
    this.body.push(part);
    this.bodyBytesLeft -= length;
  }
}

/** Lines of the head of the final answer without its status line, and the heads (1xx) before it; what follows it are trailers. */
export function splitHeads(text: string): {
  readonly lines: readonly string[];
  readonly before: readonly string[];
} {
  // Nearly all: nothing before it, and no trailers.
  if (text.indexOf('\r\n\r\n') === text.length - 4 && !/^\s*HTTP\/\S+ 1/.test(text))
    return { lines: text.slice(0, -4).trimStart().split('\r\n').slice(1), before: [] };
  const heads = text.split('\r\n\r\n').filter((head) => /^\s*HTTP\//.test(head));
  const place = heads.findIndex((head) => !/^\s*HTTP\/\S+ 1/.test(head));
  return { lines: (heads[place] ?? '').trimStart().split('\r\n').slice(1), before: heads.slice(0, Math.max(0, place)) };
}

/** The values of a header, in order. `name`: in lower case. */
export function headerValues(lines: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (const line of lines)
    if (line[name.length] === ':' && line.slice(0, name.length).toLowerCase() === name)
      values.push(line.slice(name.length + 1).trim());
  return values;
}
