// What autocannon's connection must not do with what comes in (P-numbers: docs/autocannon.md): keep it, count what no request asked for, or
// take for an answer what is none.
import { ResponseParser } from './http/response-parser.ts';

/** What is used here of autocannon's connection and of its parser. */
type Reader = {
  on(event: 'request' | 'headers' | 'response', listener: () => void): unknown;
  conn: { destroy(error: Error): unknown };
  parser: { execute(bytes: Buffer): unknown; readonly hadError: boolean };
  pipelinedRequests: { addBody(body: unknown): void };
};

/** As in the open engine: what is longer without a head, or a byte of a body, is no head. */
const longestHead = 256 * 1024;

/**
 * P39: it takes for answers what the open engine refuses. Reading all of them twice costs 4 % of the CPU time of a request, so it is done
 * with the first of each connection, and then with one of so many. What is refused ends its connection, so one that always errs is seen
 * each time.
 */
const readTwice = { first: 8, oneOf: 16 };

/**
 * Lets bodies go, calls `onPiece` for each piece of an answer, and ends a connection whose answer is refused, with the code of that. `isUnasked`, asked about an answer: it came in
 * the same piece of bytes in which its request was sent, so it was on its way before, or more came with it than the answer has.
 */
export function guardReading(client: Reader, onPiece: () => void): { readonly isUnasked: () => boolean } {
  const strict = new ResponseParser();
  let isStrict = false;
  let conn: Reader['conn'] | undefined;
  let requests = 0;
  let isReading = false;
  let sentMeanwhile = false;
  let hasMore = false;
  let unread = 0;
  const restart = (): void => {
    unread = 0;
  };
  const refuse = (code: string): unknown => client.conn.destroy(Object.assign(new Error(code), { code }));
  client.on('headers', restart);
  client.on('response', restart);
  client.on('request', () => {
    sentMeanwhile = isReading;
    requests = conn === client.conn ? requests + 1 : 0;
    conn = client.conn;
    isStrict = requests < readTwice.first || requests % readTwice.oneOf === 0;
    if (isStrict) strict.begin(false);
  });
  // P36: kept as one string, an endless body took gigabytes.
  client.pipelinedRequests.addBody = restart;
  const execute = client.parser.execute.bind(client.parser);
  client.parser.execute = (bytes) => {
    onPiece();
    const end = isStrict ? strict.feed(bytes, 0, bytes.length) : bytes.length;
    // A line end behind a body is what broken CGI programs send.
    hasMore = isStrict && strict.complete && bytes.subarray(end).some((byte) => byte !== 0x0d && byte !== 0x0a);
    if (isStrict && strict.refusal !== undefined) return refuse(strict.refusal);
    isReading = true;
    sentMeanwhile = false;
    unread += bytes.length;
    const read = execute(bytes);
    isReading = false;
    // P40: it says of an error only that there was one, and answers nothing from then on.
    if (client.parser.hadError) refuse('HTTP_NOT_HTTP');
    if (unread > longestHead) refuse('HTTP_HEAD_TOO_LONG');
    return read;
  };
  return { isUnasked: () => sentMeanwhile || hasMore };
}
