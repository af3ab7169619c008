// Why a request got no whole answer, as codes in a record; Node's own codes (ECONNRESET, ECONNREFUSED ...) stand beside these.

/** How requests fail that no system call names, in words. The subject of each is the target. */
const words = {
  CLOSED: 'closed the connection before the response was complete',
  HTTP_NOT_HTTP: 'does not speak HTTP',
  HTTP_2: 'speaks HTTP/2 without TLS (h2c), and headroom sends HTTP/1.1',
  HTTP_TLS: 'speaks TLS on this port: use https://',
  HTTP_BAD_STATUS_LINE: 'sends an invalid status line',
  HTTP_BAD_HEADER: 'sends an invalid header',
  HTTP_HEAD_TOO_LONG: 'sends more than 256 KiB of headers',
  HTTP_TWO_LENGTHS: 'sends Content-Length twice in one response',
  HTTP_BAD_LENGTH: 'sends a Content-Length that is not a whole number',
  HTTP_LENGTH_AND_CHUNKED: 'sends both Content-Length and Transfer-Encoding',
  HTTP_BAD_CHUNK: 'sends an invalid chunk',
  HTTP_UPGRADED: 'switches protocols (101) without being asked',
  ECONNRESET: 'reset the connection',
  ECONNREFUSED: 'refused the connection',
  EPIPE: 'closed the connection while the request was sent',
  ETIMEDOUT: 'did not accept the connection in time',
} as const;

export type ConnectionErrorCode = keyof typeof words;

/** What the target did, as a predicate ("reset the connection"); an unknown code stands for itself. */
export function connectionErrorText(code: string): string {
  return (words as Readonly<Record<string, string>>)[code] ?? `failed with ${code}`;
}
