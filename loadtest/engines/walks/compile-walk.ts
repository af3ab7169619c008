// The steps of a walk, compiled once for all users of a stage.
import type { WalkStep } from '../../../model/walk.ts';
import { type CookieOrigin, cookieOrigin } from '../../walks/cookie-jar.ts';
import type { WalkPlan } from '../../walks/read-walk.ts';
import { compileTake, type SeenAnswer } from '../../walks/take-value.ts';
import { fillTemplate, parseTemplate, type Template } from '../../walks/template.ts';
import { encodeRequest } from '../http/request-bytes.ts';
import { mostBodyBytes } from './body-text.ts';
import { latin1 } from './latin1.ts';

export type CompiledStep = {
  readonly name: string;
  readonly thinkMs: number;
  readonly path: Template;
  readonly request: {
    /** `cookies`: a character for each byte. */
    readonly bytesOf: (path: string, cookies: string, values: ReadonlyMap<string, string>) => Buffer;
    readonly toHead: boolean;
    readonly repeatable: boolean;
  };
  /** The step's own cookies, which go before those of the jar; empty without any. */
  readonly cookies: Template;
  readonly expected: ReadonlySet<number>;
  readonly takes: readonly {
    readonly variable: string;
    readonly take: (answer: SeenAnswer) => string | undefined;
    readonly ofBody: boolean;
  }[];
  /** What is kept of its answer: also of a head that sets no cookie, and so much of the body. */
  readonly everyHead: boolean;
  readonly bodyBytes: number;
};

export type CompiledWalk = {
  readonly origin: string;
  readonly cookieOrigin: CookieOrigin;
  readonly steps: readonly CompiledStep[];
  readonly rows: WalkPlan['rows'];
  readonly hasVariables: boolean;
};

/** `shownBytes`: each head is kept, and so much of each body, also where nothing is taken from it. */
export function compileWalk({ steps, rows }: WalkPlan, origin: string, shownBytes?: number): CompiledWalk {
  const { host, origin: own } = new URL(origin);
  return {
    origin: own,
    cookieOrigin: cookieOrigin(origin),
    rows,
    hasVariables: rows !== undefined || steps.some(({ take }) => take !== undefined),
    steps: steps.map((step) => {
      const takes = Object.entries(step.take ?? {}).map(([variable, take]) => ({
        variable,
        take: compileTake(take),
        ofBody: take.header === undefined,
      }));
      return {
        name: step.name,
        thinkMs: (step.thinkS ?? 0) * 1000,
        path: parseTemplate(step.path),
        request: compileRequest(host, step),
        cookies: parseTemplate(Object.entries(step.headers).find(([name]) => isCookie(name))?.[1] ?? ''),
        expected: new Set(step.expect),
        takes,
        everyHead: takes.length > 0 || shownBytes !== undefined,
        // One byte more shows that it is longer.
        bodyBytes: takes.some(({ ofBody }) => ofBody) ? mostBodyBytes + 1 : (shownBytes ?? 0),
      };
    }),
  };
}

/** Everything that is the same for all users is put together here: a request is one text with their cookies and values. */
function compileRequest(host: string, { method, headers, body }: WalkStep): CompiledStep['request'] {
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !isCookie(name)));
  const { bytes, toHead, repeatable } = encodeRequest(host, { method, path: '/', headers: own, ...(body && { body }) });
  const text = bytes.toString('latin1');
  const [, ...lines] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
  const framing = /^content-length:/;
  const isFramed = lines.some((line) => framing.test(line));
  const head = parseTemplate(lines.filter((line) => !framing.test(line)).join('\r\n'));
  const content = parseTemplate(body ?? '');
  const encode = encoderOf(Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]);
  const behindCookies = (values: ReadonlyMap<string, string>): string => {
    const sent = latin1(fillTemplate(content, values, encode));
    const length = isFramed ? `\r\ncontent-length: ${sent.length}` : '';
    return `${fillTemplate(head, values, latin1)}${length}\r\n\r\n${sent}`;
  };
  const fixed = [...head, ...content].every((part) => typeof part === 'string') ? behindCookies(new Map()) : undefined;
  const bytesOf = (path: string, cookies: string, values: ReadonlyMap<string, string>): Buffer => {
    const cookie = cookies === '' ? '' : `cookie: ${cookies}\r\n`;
    return Buffer.from(`${method} ${path} HTTP/1.1\r\n${cookie}${fixed ?? behindCookies(values)}`, 'latin1');
  };
  return { bytesOf, toHead, repeatable };
}

const isCookie = (name: string): boolean => name.toLowerCase() === 'cookie';

/** How a value is written in a body of a type. */
function encoderOf(type = ''): (value: string) => string {
  if (/^application\/x-www-form-urlencoded/i.test(type)) return encodeURIComponent;
  return /json/i.test(type) ? (value) => JSON.stringify(value).slice(1, -1) : (value) => value;
}
