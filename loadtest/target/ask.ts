// One request to the target through the engines' own connection core, and what it answered.
import type { Route } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import { Dialer } from '../engines/dial.ts';
import { Kept, splitHeads } from '../engines/http/kept.ts';
import { type RequestBytes, requestBytes } from '../engines/http/request-bytes.ts';
import { ResponseParser } from '../engines/http/response-parser.ts';
import { slowness } from '../generators/child.ts';
import { askFailure } from './ask-failure.ts';

const usualTimeoutS = 5;
/** After a response that announces it, the target has this long to close the connection. */
const closeMs = 1000;

export type Answer = {
  readonly status: number;
  /** Of its head. */
  readonly lines: readonly string[];
  /** By lower-case name; of several with one name, the last. */
  readonly headers: ReadonlyMap<string, string>;
  /** Whether the connection may be used again. */
  readonly persistent: boolean;
  /** Of a connection that may not be used again: the target closed it, as it should. */
  readonly closedByTarget: boolean;
  /** The statuses (1xx) that came ahead of the answer. */
  readonly before: readonly number[];
  /** The body's first bytes, as many as were asked for. */
  readonly body: string;
  /** Of the whole body. */
  readonly bodyBytes: number;
};

type Asked = {
  readonly bodyBytes?: number;
  readonly timeoutS?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
};

/** Sends the route once. Throws a UserError that says why there is no whole answer, and what to do. */
export async function ask(origin: string, route: Route, insecure: boolean, asked: Asked = {}): Promise<Answer> {
  const [request] = requestBytes(origin, [route]) as [RequestBytes];
  const kept = new Kept(true, asked.bodyBytes ?? 0);
  return askBytes(origin, route.path, { ...request, kept }, insecure, asked);
}

/** The same of a message whose path is `path`. */
export async function askBytes(
  origin: string,
  path: string,
  request: RequestBytes & { readonly kept: Kept },
  insecure: boolean,
  { timeoutS = usualTimeoutS, signal }: Asked = {},
): Promise<Answer> {
  const limitMs = 1000 * timeoutS * slowness();
  const parser = new ResponseParser();
  parser.begin(request.toHead, request.kept);
  const failure = await exchange(origin, insecure, request, parser, limitMs, signal);
  if (typeof failure === 'object')
    throw new UserError(`${origin}${path} ${askFailure(failure.code ?? '', parser, limitMs / 1000, origin)}`, {
      cause: failure,
    });
  const { lines, before } = splitHeads(request.kept.heads);
  return {
    status: parser.status,
    lines,
    headers: new Map(lines.map((line) => [nameOf(line), line.slice(line.indexOf(':') + 1).trim()])),
    persistent: parser.persistent,
    closedByTarget: failure === 'closed',
    before: before.map((text) => Number(text.trimStart().slice(9, 12))),
    body: Buffer.concat(request.kept.body).toString('utf8'),
    bodyBytes: parser.bodyBytes,
  };
}

/** When the parser has a whole answer, what became of the connection; else the error that ended it before. */
function exchange(
  origin: string,
  insecure: boolean,
  request: RequestBytes,
  parser: ResponseParser,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<NodeJS.ErrnoException | 'open' | 'closed'> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout;
    const end = (how: NodeJS.ErrnoException | 'open' | 'closed'): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      resolve(how);
    };
    const fail = (code: string, cause?: unknown): void => {
      if (parser.complete) end('closed');
      else end(Object.assign(new Error(code, { cause }), { code }));
    };
    const abort = (): void => fail('STOPPED');
    const socket = new Dialer({ origin, insecure }).open(
      (bytes, size) => {
        parser.feed(bytes, 0, size);
        if (parser.refusal !== undefined) fail(parser.refusal);
        else if (parser.complete && parser.persistent) end('open');
        else if (parser.complete) {
          clearTimeout(timer);
          timer = setTimeout(() => end('open'), closeMs);
        }
      },
      () => socket.write(request.bytes),
    );
    timer = setTimeout(() => fail('TIMEOUT'), limitMs);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message, error));
    socket.on('end', () => {
      parser.close();
      fail('CLOSED');
    });
  });
}

const nameOf = (line: string): string => line.slice(0, line.indexOf(':')).toLowerCase();
