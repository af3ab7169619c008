// What autocannon's connection must not do with what comes in (P-numbers: docs/autocannon.md): keep it, or count what no request asked for.

/** What is used here of autocannon's connection and of its parser. */
type Reader = {
  on(event: 'request' | 'headers' | 'response', listener: () => void): unknown;
  conn: { destroy(error: Error): unknown };
  parser: { execute(bytes: Buffer): unknown };
  pipelinedRequests: { addBody(body: unknown): void };
};

/** As in the open engine: what is longer without a head, or a byte of a body, is no head. */
const longestHead = 256 * 1024;

/**
 * Lets bodies go, and ends a connection whose head never ends. `isUnasked`, asked about an answer: it came in the same piece of bytes in
 * which its request was sent, so it was on its way before.
 */
export function guardReading(client: Reader): { readonly isUnasked: () => boolean } {
  let isReading = false;
  let sentMeanwhile = false;
  let unread = 0;
  const restart = (): void => {
    unread = 0;
  };
  client.on('headers', restart);
  client.on('response', restart);
  client.on('request', () => {
    sentMeanwhile = isReading;
  });
  // P36: kept as one string, an endless body took gigabytes.
  client.pipelinedRequests.addBody = restart;
  const execute = client.parser.execute.bind(client.parser);
  client.parser.execute = (bytes) => {
    isReading = true;
    sentMeanwhile = false;
    unread += bytes.length;
    const read = execute(bytes);
    isReading = false;
    if (unread > longestHead)
      client.conn.destroy(Object.assign(new Error('the head never ends'), { code: 'HTTP_HEAD_TOO_LONG' }));
    return read;
  };
  return { isUnasked: () => sentMeanwhile };
}
