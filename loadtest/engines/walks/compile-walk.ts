// The steps of a walk, compiled once for all users of a stage.
import type { WalkStep } from '../../../model/walk.ts';
import { type CookieOrigin, cookieOrigin } from '../../walks/cookie-jar.ts';
import type { WalkPlan } from '../../walks/read-walk.ts';
import { compileTake, type SeenAnswer } from '../../walks/take-value.ts';
import { fillTemplate, parseTemplate, type Template } from '../../walks/template.ts';
import { encodeRequest, type RequestBytes } from '../http/request-bytes.ts';

/** Of a body from which something is taken; what follows is not read. */
const mostBodyBytes = 1024 * 1024;

export type CompiledStep = {
  readonly name: string;
  readonly thinkMs: number;
  readonly path: Template;
  /** A request without a Cookie header. */
  readonly request: (path: string, values: ReadonlyMap<string, string>) => RequestBytes;
  /** The step's own cookies, which go before those of the jar. */
  readonly cookies: Template;
  readonly expected: ReadonlySet<number>;
  readonly takes: readonly (readonly [variable: string, take: (answer: SeenAnswer) => string | undefined])[];
  /** Of the body of its answer. */
  readonly keptBytes: number;
};

export type CompiledWalk = {
  readonly origin: string;
  readonly cookieOrigin: CookieOrigin;
  readonly steps: readonly CompiledStep[];
  readonly rows: WalkPlan['rows'];
};

/** `keptBytes`: keep so much of the body of each answer, also where nothing is taken from it. */
export function compileWalk({ steps, rows }: WalkPlan, origin: string, keptBytes = 0): CompiledWalk {
  const { host } = new URL(origin);
  return {
    origin,
    cookieOrigin: cookieOrigin(origin),
    rows,
    steps: steps.map((step) => {
      const takes = Object.values(step.take ?? {});
      const takesBody = takes.some(({ header }) => header === undefined);
      return {
        name: step.name,
        thinkMs: (step.thinkS ?? 0) * 1000,
        path: parseTemplate(step.path),
        request: compileRequest(host, step),
        cookies: parseTemplate(Object.entries(step.headers).find(([name]) => isCookie(name))?.[1] ?? ''),
        expected: new Set(step.expect),
        takes: Object.entries(step.take ?? {}).map(([name, take]) => [name, compileTake(take)] as const),
        keptBytes: takesBody ? mostBodyBytes : keptBytes,
      };
    }),
  };
}

function compileRequest(host: string, { method, headers, body, path }: WalkStep): CompiledStep['request'] {
  const ofHeaders = Object.entries(headers)
    .filter(([name]) => !isCookie(name))
    .map(([name, value]) => [name, parseTemplate(value)] as const);
  const ofBody = body === undefined ? undefined : parseTemplate(body);
  const encode = encoderOf(Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]);
  const isFixed = [parseTemplate(path), ofBody ?? [], ...ofHeaders.map(([, value]) => value)].every(isConstant);
  const make: CompiledStep['request'] = (path, values) =>
    encodeRequest(host, {
      method,
      path,
      headers: Object.fromEntries(ofHeaders.map(([name, value]) => [name, latin1(fillTemplate(value, values))])),
      ...(ofBody && { body: fillTemplate(ofBody, values, encode) }),
    });
  if (!isFixed) return make;
  const fixed = make(fillTemplate(parseTemplate(path), new Map()), new Map());
  return () => fixed;
}

const isCookie = (name: string): boolean => name.toLowerCase() === 'cookie';

export function isConstant(template: Template): boolean {
  return template.every((part) => typeof part === 'string');
}

/** How a value is written in a body of a type. */
function encoderOf(type = ''): (value: string) => string {
  if (/^application\/x-www-form-urlencoded/i.test(type)) return encodeURIComponent;
  return /json/i.test(type) ? (value) => JSON.stringify(value).slice(1, -1) : (value) => value;
}

/** Heads are written byte by byte. */
function latin1(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}
